package dev.gatewatch.probes.callback;

import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import okio.ByteString;

/**
 * A request that a target sent to a {@link CallbackBox}. Immutable.
 *
 * @param target path and query as they came, the run's secret among them
 * @param at wall clock
 * @param arrivedNanos by {@link System#nanoTime}, when it was complete
 */
public record Callback(String method, String target, Headers headers, ByteString body, Instant at, long arrivedNanos) {
    /** How long after another moment of {@link System#nanoTime} it arrived; zero for one that came before. */
    public Duration after(long nanos) {
        return Duration.ofNanos(Math.max(0, arrivedNanos - nanos));
    }

    /** Its head for evidence, without the secret path. */
    public String shown() {
        var head = new StringBuilder(method + " at " + at);
        for (int i = 0; i < Math.min(20, headers.size()); i++) {
            head.append('\n').append(headers.name(i)).append(": ").append(headers.value(i));
        }
        ByteString start = body.substring(0, Math.min(body.size(), 1_024));
        return head.append("\n\n").append(start.utf8()).toString();
    }
}
