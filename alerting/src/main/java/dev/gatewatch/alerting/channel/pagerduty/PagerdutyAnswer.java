package dev.gatewatch.alerting.channel.pagerduty;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.util.regex.Pattern;

/** What PagerDuty's answers mean: 202 with {@code "status":"success"} is a success, and it names what is wrong with an event. */
final class PagerdutyAnswer {
    private static final Pattern ABOUT_THE_KEY = Pattern.compile("(?i)routing[_ ]?key");

    private PagerdutyAnswer() {}

    static Delivery verdict(HttpReply reply) {
        if (reply instanceof HttpReply.Answer answer && answer.status() == 400 && ABOUT_THE_KEY.matcher(answer.body()).find()) {
            return new Delivery.Broken(answer.inWords()); // each event would fare so
        }
        return Verdict.of(
                reply,
                answer -> switch (answer.json().map(json -> json.path("status").asString("")).orElse("")) {
                    case "success" -> new Delivery.Delivered();
                    case "" -> Verdict.notFrom("PagerDuty", answer);
                    default -> new Delivery.Refused(answer.inWords());
                });
    }
}
