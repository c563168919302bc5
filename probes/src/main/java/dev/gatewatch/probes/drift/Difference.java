package dev.gatewatch.probes.drift;

import java.util.Comparator;

/**
 * One setting that is not as it should be. Immutable.
 *
 * @param text what was seen against what was expected, without secrets
 */
record Difference(String path, Kind kind, boolean version, String text) {
    /** The worst first, then by path. */
    static final Comparator<Difference> ORDER =
            Comparator.comparing(Difference::kind).thenComparing(Difference::path);

    enum Kind {
        FORBIDDEN,
        REQUIRED,
        CHANGED,
        MISSING,
        UNLISTED
    }

    @Override
    public String toString() {
        return path + " " + text;
    }
}
