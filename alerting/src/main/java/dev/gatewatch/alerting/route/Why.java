package dev.gatewatch.alerting.route;

import dev.gatewatch.config.Durations;
import java.time.Duration;

/** Why something is told now, as a code with its number that texts put into words. */
public final class Why {
    private static final String UNACKNOWLEDGED = "unacknowledged:";

    private Why() {}

    static String unacknowledgedFor(Duration time) {
        return UNACKNOWLEDGED + Durations.format(time);
    }

    /** How long nobody has acknowledged, where that is why; empty otherwise. */
    public static String unacknowledged(String why) {
        return why.startsWith(UNACKNOWLEDGED) ? why.substring(UNACKNOWLEDGED.length()) : "";
    }
}
