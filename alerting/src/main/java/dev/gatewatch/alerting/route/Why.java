package dev.gatewatch.alerting.route;

import dev.gatewatch.config.Durations;
import java.time.Duration;

/** Why something is told now: codes that texts put into words, some with an argument after a colon. */
public final class Why {
    /** The kind says it. */
    public static final String PLAIN = "";

    /** A tighter bound was crossed; it was told before. */
    public static final String WORSENED = "worsened";

    /** A silence, a maintenance window or quiet hours ended, and it still fires. */
    public static final String UNSILENCED = "unsilenced";

    /** Many alerts began at once and are told together. */
    public static final String STORM = "storm";

    /** It comes and goes. */
    public static final String FLAPPING = "flapping";

    private Why() {}

    /** Nobody has acknowledged it for so long. */
    public static String escalation(Duration time) {
        return "escalation:" + Durations.format(time);
    }
}
