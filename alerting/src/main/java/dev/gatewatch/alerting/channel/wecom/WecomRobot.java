package dev.gatewatch.alerting.channel.wecom;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Lookalikes;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Measure;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A group robot of WeCom.
 *
 * @param mentions ids of members who are called while something fires
 */
record WecomRobot(SecretUrl webhook, List<String> mentions) implements ChatChannel.Room {
    static final Markup MARKUP = new Lookalikes(Measure.BYTES, "\n");

    /** A markdown message takes 4,096 bytes; what is left is for the title and mentions. */
    static final int MOST = 3_300;

    private static final int TITLE = 400;

    WecomRobot {
        mentions = List.copyOf(mentions);
    }

    /** A robot takes 20 messages a minute. */
    @Override
    public Duration spacing() {
        return Duration.ofMillis(3_100);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        // the three colours it knows
        String colour =
                switch (message.tone()) {
                    case CRITICAL, WARNING -> "warning";
                    case INFO -> "comment";
                    case RESOLVED -> "info";
                };
        String content = message.tone().sign() + " <font color=\"" + colour + "\">**"
                + MARKUP.escape(message.title(), TITLE) + "**</font>\n" + String.join("\n", message.lines());
        if (!mentions.isEmpty() && notices.stream().anyMatch(n -> n.kind().firing())) {
            content += "\n" + mentions.stream().map(id -> "<@" + id + ">").collect(Collectors.joining(" "));
        }
        var json = Map.of("msgtype", "markdown", "markdown", Map.of("content", content));
        return verdict(sender.post(webhook, Map.of(), JsonMapper.shared().writeValueAsBytes(json), List.of()));
    }

    /** Status 200 whatever happened; {@code errcode} other than 0 is a refusal. */
    static Delivery verdict(HttpReply reply) {
        return Verdict.of(reply, answer -> {
            Optional<Integer> code = answer.json().map(j -> j.path("errcode")).filter(c -> c.isIntegralNumber()).map(c -> c.asInt());
            if (code.isEmpty()) {
                return Verdict.notFrom("WeCom", answer);
            }
            return switch (code.get()) {
                case 0 -> new Delivery.Delivered();
                case -1 -> new Delivery.Retry(answer.inWords(), Optional.empty());
                // more than 20 a minute, or too many at once
                case 45009, 45033 -> new Delivery.Retry(answer.inWords(), Optional.of(Duration.ofMinutes(1)));
                // the robot is gone, or its key was never one
                case 40001, 40014, 41001, 93000, 93004, 93008 -> new Delivery.Broken(answer.inWords());
                default -> new Delivery.Refused(answer.inWords());
            };
        });
    }
}
