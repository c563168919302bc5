package dev.gatewatch.probe;

import java.util.Locale;

/** The five classes of root cause, and our own side. */
public enum CauseClass {
    REQUEST,
    ENVIRONMENT,
    IDENTITY,
    NETWORK,
    CAPACITY,
    /** Our own side; goes with {@link Outcome#BROKEN} only. */
    OWN_SIDE;

    /** The word used in JSON and labels. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
