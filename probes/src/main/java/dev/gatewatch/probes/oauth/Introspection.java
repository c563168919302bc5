package dev.gatewatch.probes.oauth;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.net.Failure;
import java.util.Optional;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/**
 * Asks the server whether a token is good (RFC 7662). Immutable.
 *
 * @param hiddenUrl whether a secret went into the URL
 */
record Introspection(HttpUrl url, boolean hiddenUrl) {

    /** What is wrong with the answer, or nothing where it says that the token is active. */
    static Optional<Failure> judge(Answer answer, boolean proven) {
        String seen = "the introspection endpoint answered " + answer.statusLine();
        Optional<JsonNode> document = Json.tryParse(answer.body().bytes().toByteArray());
        String error = document.flatMap(TokenError::of).map(e -> ": " + e.shown()).orElse("");
        switch (answer.status()) {
            case 200 -> {}
            case 401, 403 -> {
                return Optional.of(
                        new Failure(proven ? Cause.CREDENTIAL_REJECTED : Cause.CREDENTIAL_MISSING, seen + error));
            }
            case 429 -> {
                return Optional.of(new Failure(Cause.TOKEN_THROTTLED, seen + error));
            }
            default -> {
                boolean down = answer.status() >= 500 || answer.status() == 404;
                return Optional.of(new Failure(
                        down ? Cause.TOKEN_ENDPOINT_DOWN : Cause.TOKEN_REFUSED, seen + error));
            }
        }
        Optional<JsonNode> active = document.map(d -> d.get("active")).filter(JsonNode::isBoolean);
        if (active.isEmpty()) {
            return Optional.of(
                    new Failure(Cause.TOKEN_MALFORMED, "the introspection answer does not say whether the token is active"));
        }
        return active.get().booleanValue()
                ? Optional.empty()
                : Optional.of(new Failure(
                        Cause.CREDENTIAL_REJECTED, "introspection says that the token is not active, though it was just issued"));
    }
}
