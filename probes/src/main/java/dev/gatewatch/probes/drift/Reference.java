package dev.gatewatch.probes.drift;

import dev.gatewatch.probes.httpclient.HttpRequest;

/** What a document is compared with. Immutable. */
sealed interface Reference {
    /** Nothing: only rules count. */
    record None() implements Reference {}

    /** What the configuration says. */
    record Pinned(Document document) implements Reference {}

    /** Another environment's document, asked for in each run. */
    record Sister(HttpRequest request) implements Reference {}

    /**
     * What this series saw before.
     *
     * @param moving whether the last run's document is meant, rather than the first's
     * @param pin another text begins anew
     */
    record Seen(boolean moving, String pin) implements Reference {}
}
