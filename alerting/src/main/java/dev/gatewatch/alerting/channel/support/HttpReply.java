package dev.gatewatch.alerting.channel.support;

import java.time.Duration;
import java.util.Optional;

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
    }

    /**
     * No answer came.
     *
     * @param mayHaveArrived whether the request was on its way already
     */
    record Silence(String reason, boolean mayHaveArrived) implements HttpReply {}
}
