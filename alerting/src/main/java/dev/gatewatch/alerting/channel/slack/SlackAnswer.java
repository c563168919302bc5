package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What Slack's answers mean. A webhook answers with a status and a word; things that stand in for one answer as the Web API does, with
 * 200 and {@code ok: false}: both are looked at.
 */
final class SlackAnswer {
    /** Words that mean that the webhook itself is dead, or that the bot may not post, as public clients list them. */
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
            "token_expired",
            "not_authed",
            "not_in_channel",
            "missing_scope",
            "no_permission",
            "restricted_action",
            "ekm_access_denied",
            "access_denied",
            "user_not_found");

    private static final Set<String> TOO_FAST = Set.of("rate_limited", "ratelimited", "message_limit_exceeded");

    /** Words of the Web API, with status 200, for trouble of its own. */
    private static final Set<String> ILL = Set.of("internal_error", "fatal_error", "service_unavailable", "request_timeout");

    private SlackAnswer() {}

    static Delivery verdict(HttpReply reply) {
        return switch (reply) {
            case HttpReply.Silence _ -> Verdict.of(reply);
            case HttpReply.Answer answer -> verdict(answer);
        };
    }

    private static Delivery verdict(HttpReply.Answer answer) {
        String body = answer.body().strip();
        Optional<JsonNode> json = answer.json();
        String word = json.map(j -> j.path("error").asString("")).orElse(body);
        boolean ok = answer.ok();
        if (ok && (body.equals("ok") || json.filter(j -> j.path("ok").asBoolean(false)).isPresent())) {
            return new Delivery.Delivered();
        }
        if (answer.status() == 429 || TOO_FAST.contains(word)) {
            return new Delivery.Retry(answer.inWords(), answer.retryAfter().or(() -> json.flatMap(j -> HttpReply.seconds(j.path("retry_after")))));
        }
        if (ok && ILL.contains(word)) {
            return new Delivery.Retry(answer.inWords(), answer.retryAfter());
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
                : new Delivery.Broken(answer.inWords() + " (Slack answers \"ok\": is the address one of Slack's?)");
    }
}
