package dev.gatewatch.probe;

import java.util.Locale;

/** How a run ended, from good to bad; {@link #BROKEN} stands apart. */
public enum Outcome {
    /** All that was expected held. */
    PASS,
    /** The target works, less well than expected: slow, or close to a limit. */
    DEGRADED,
    /** The target failed. */
    FAIL,
    /** Our own side failed; says nothing about the target. */
    BROKEN;

    /** The word used in JSON and labels. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
