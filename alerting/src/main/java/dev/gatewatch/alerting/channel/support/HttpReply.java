package dev.gatewatch.alerting.channel.support;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What came of a request. Texts hold no secret. Immutable. */
public sealed interface HttpReply {
    /**
     * The receiver answered.
     *
     * @param from the receiver, for people
     * @param body at most {@value HttpSender#MOST_BODY_BYTES} bytes of it, as UTF-8
     * @param retryAfter what a Retry-After header asks for, where it says something intelligible
     */
    record Answer(String from, int status, String body, Optional<Duration> retryAfter) implements HttpReply {
        /** {@code HTTP 403 from https://hooks.example.com: invalid_token}. */
        public String inWords() {
            String said = Cut.chars(Cut.oneLine(body), 200);
            return "HTTP " + status + " from " + from + (said.isEmpty() ? "" : ": " + said);
        }

        /** The same with the status that the body tells. */
        public Answer withStatus(int inBody) {
            return new Answer(from, inBody, body, retryAfter);
        }

        /** Whether the status is 2xx. */
        public boolean ok() {
            return status >= 200 && status < 300;
        }

        /** The body, where it is a JSON object. */
        public Optional<JsonNode> json() {
            if (!body.stripLeading().startsWith("{")) {
                return Optional.empty();
            }
            try {
                return Optional.of(JsonMapper.shared().readTree(body)).filter(JsonNode::isObject);
            } catch (JacksonException _) {
                return Optional.empty();
            }
        }
    }

    /** How long the receiver wants us to wait, where it says so in a JSON body: a number of seconds. */
    static Optional<Duration> seconds(JsonNode wait) {
        return wait.isNumber() ? RetryAfter.ofSeconds(wait.asDouble()) : Optional.empty();
    }

    /**
     * No answer came.
     *
     * @param mayHaveArrived whether the request was on its way already
     */
    record Silence(String reason, boolean mayHaveArrived) implements HttpReply {}
}
