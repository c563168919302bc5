package dev.gatewatch.alerting.channel.telegram;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What Telegram's answers mean: JSON with {@code ok}, and where that is false a code like an HTTP status and a description. */
final class TelegramAnswer {
    /** Parts of descriptions of a 400 that mean that the chat itself takes nothing from the bot. */
    private static final List<String> SHUT = List.of(
            "chat not found",
            "chat_id is empty",
            "upgraded to a supergroup",
            "message thread not found",
            "topic_closed",
            "topic_deleted",
            "not enough rights",
            "have no rights",
            "chat_write_forbidden",
            "administrator rights",
            "peer_id_invalid");

    private TelegramAnswer() {}

    static Delivery verdict(HttpReply reply) {
        if (!(reply instanceof HttpReply.Answer answer)) {
            return Verdict.of(reply);
        }
        Optional<JsonNode> json = answer.json();
        if (answer.ok()) {
            if (json.isEmpty() || !json.get().path("ok").isBoolean()) {
                return Verdict.notFrom("Telegram", answer);
            }
            if (json.get().path("ok").asBoolean()) {
                return new Delivery.Delivered();
            }
        }
        JsonNode body = json.orElseGet(() -> tools.jackson.databind.node.JsonNodeFactory.instance.objectNode());
        // the status, should something between us have made a 200 of it
        int code = body.path("error_code").asInt(answer.ok() ? 400 : answer.status());
        JsonNode moved = body.path("parameters").path("migrate_to_chat_id");
        if (moved.isNumber()) {
            return new Delivery.Broken(answer.inWords() + " (set chat to " + moved.asLong() + ")");
        }
        if (code == 429) {
            return new Delivery.Retry(
                    answer.inWords(),
                    HttpReply.seconds(body.path("parameters").path("retry_after")).or(answer::retryAfter));
        }
        String description = body.path("description").asString("").toLowerCase(Locale.ROOT);
        if (code == 400 && SHUT.stream().anyMatch(description::contains)) {
            return new Delivery.Broken(answer.inWords());
        }
        return Verdict.of(answer.withStatus(code));
    }

    static Optional<Long> messageId(HttpReply reply) {
        return reply instanceof HttpReply.Answer answer
                ? answer.json()
                        .map(json -> json.path("result").path("message_id"))
                        .filter(JsonNode::isNumber)
                        .map(JsonNode::asLong)
                : Optional.empty();
    }
}
