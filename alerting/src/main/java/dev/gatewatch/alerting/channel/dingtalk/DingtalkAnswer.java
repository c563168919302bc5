package dev.gatewatch.alerting.channel.dingtalk;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What DingTalk's answers mean: status 200 whatever happened, and {@code errcode} other than 0 for a refusal. */
final class DingtalkAnswer {
    private static final Set<Integer> BUSY = Set.of(-1, -2);

    /** More than 20 a minute, by the codes of several years. */
    private static final Set<Integer> TOO_FAST = Set.of(130101, 410100, 90018, 90030);

    /** The robot, its token or its group is gone. */
    private static final Set<Integer> DEAD = Set.of(300001, 300005, 400013, 400101, 400102, 400106);

    /** Keyword, address list or signature. */
    private static final int SECURITY = 310000;

    private DingtalkAnswer() {}

    static Delivery verdict(HttpReply reply) {
        return Verdict.of(reply, answer -> {
            Optional<Integer> code = answer.json().map(j -> j.path("errcode")).filter(c -> c.isIntegralNumber()).map(c -> c.asInt());
            if (code.isEmpty()) {
                return Verdict.notFrom("DingTalk", answer);
            }
            if (code.get() == 0) {
                return new Delivery.Delivered();
            }
            if (BUSY.contains(code.get())) {
                return new Delivery.Retry(answer.inWords(), Optional.empty());
            }
            if (TOO_FAST.contains(code.get())) {
                return new Delivery.Retry(answer.inWords(), Optional.of(Duration.ofMinutes(1)));
            }
            if (code.get() == SECURITY) {
                return new Delivery.Broken(answer.inWords() + " (" + security(answer.body()) + ")");
            }
            return DEAD.contains(code.get()) ? new Delivery.Broken(answer.inWords()) : new Delivery.Refused(answer.inWords());
        });
    }

    private static String security(String said) {
        String text = said.toLowerCase(Locale.ROOT);
        if (text.contains("sign") || text.contains("timestamp")) {
            return "compare secret with the robot's, and this machine's clock";
        }
        return text.contains("keyword")
                ? "set keyword to one of the robot's"
                : "the robot's security settings: a keyword, a list of addresses or a signature";
    }
}
