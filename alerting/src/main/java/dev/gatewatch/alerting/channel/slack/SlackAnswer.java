package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.RetryAfter;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Slack's answers mean. A webhook answers with a status and a word; things that stand in for one answer as the Web API does, with
 * 200 and {@code ok: false}: both are looked at.
 */
final class SlackAnswer {
    /** Words that mean the webhook itself is dead, as public clients list them. */
    private static final Set<String> DEAD = Set.of(
            "no_service",
            "no_active_hooks",
            "no_service_id",
            "channel_not_found",
            "channel_is_archived",
            "is_archived",
            "action_prohibited",
            "posting_to_general_channel_denied",
            "no_team",
            "team_disabled",
            "invalid_token",
            "invalid_auth",
            "account_inactive",
            "token_revoked",
            "user_not_found");

    private static final Set<String> TOO_FAST = Set.of("rate_limited", "ratelimited", "message_limit_exceeded");

    private SlackAnswer() {}

    static Delivery verdict(HttpReply reply) {
        return switch (reply) {
            case HttpReply.Silence _ -> Verdict.of(reply);
            case HttpReply.Answer answer -> verdict(answer);
        };
    }

    private static Delivery verdict(HttpReply.Answer answer) {
        String body = answer.body().strip();
        Optional<JsonNode> json = object(body);
        String word = json.map(j -> j.path("error").asString("")).orElse(body);
        boolean ok = answer.status() >= 200 && answer.status() < 300;
        if (ok && (body.equals("ok") || json.filter(j -> j.path("ok").asBoolean(false)).isPresent())) {
            return new Delivery.Delivered();
        }
        if (answer.status() == 429 || TOO_FAST.contains(word)) {
            return new Delivery.Retry(answer.inWords(), answer.retryAfter().or(() -> json.flatMap(SlackAnswer::asked)));
        }
        if (DEAD.contains(word)) {
            return new Delivery.Broken(answer.inWords());
        }
        if (!ok) {
            return Verdict.of(answer);
        }
        // 200 from something that is not Slack (a portal, another service) would swallow every notice
        return json.isPresent() || word.matches("[a-z0-9_]{3,80}")
                ? new Delivery.Refused(answer.inWords())
                : new Delivery.Broken(answer.inWords() + " (Slack answers \"ok\": is webhook_url a Slack webhook?)");
    }

    private static Optional<Duration> asked(JsonNode json) {
        JsonNode seconds = json.path("retry_after");
        return seconds.isNumber() ? RetryAfter.ofSeconds(seconds.asDouble()) : Optional.empty();
    }

    private static Optional<JsonNode> object(String body) {
        if (!body.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonMapper.shared().readTree(body)).filter(JsonNode::isObject);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }
}
