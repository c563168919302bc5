package dev.gatewatch.alerting.channel.feishu;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What Feishu's answers mean: status 200 whatever happened, and {@code code} (once {@code StatusCode}) other than 0 for a refusal. */
final class FeishuAnswer {
    private FeishuAnswer() {}

    static Delivery verdict(HttpReply reply) {
        return Verdict.of(reply, answer -> {
            Optional<Integer> code =
                    answer.json().map(FeishuAnswer::code).filter(JsonNode::isIntegralNumber).map(JsonNode::asInt);
            if (code.isEmpty()) {
                return Verdict.notFrom("Feishu", answer);
            }
            return switch (code.get()) {
                case 0 -> new Delivery.Delivered();
                // too many in a second or a minute, by us or by all of Feishu at the full hour
                case 11232, 11233, 99991400 -> new Delivery.Retry(answer.inWords(), answer.retryAfter());
                case 19021 -> broken(answer, "compare secret with the robot's, and this machine's clock");
                case 19022 -> broken(answer, "this daemon's address is not on the robot's list");
                case 19024 -> broken(answer, "set keyword to one of the robot's");
                case 19001, 19005, 19006, 19007 -> broken(answer, "the robot is gone or switched off");
                default -> new Delivery.Refused(answer.inWords());
            };
        });
    }

    private static JsonNode code(JsonNode json) {
        return json.hasNonNull("code") ? json.path("code") : json.path("StatusCode");
    }

    private static Delivery broken(HttpReply.Answer answer, String advice) {
        return new Delivery.Broken(answer.inWords() + " (" + advice + ")");
    }
}
