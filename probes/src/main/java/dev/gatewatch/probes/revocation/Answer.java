package dev.gatewatch.probes.revocation;

import dev.gatewatch.probes.net.Failure;
import java.time.Instant;
import java.util.Optional;

/** What one source says of one certificate, after everything about the answer itself was verified. Immutable. */
public sealed interface Answer {
    /**
     * When an answer was made and until when it holds.
     *
     * @param produced when it was signed; only OCSP says so
     * @param nextUpdate absent where the source makes no promise
     */
    record Times(Optional<Instant> produced, Instant thisUpdate, Optional<Instant> nextUpdate) {}

    /** Not revoked. */
    record Good(Times times) implements Answer {}

    /**
     * Revoked.
     *
     * @param by who says so, to complete "…, says …"
     * @param reason in words, as {@code key compromise}; empty where none is given
     */
    record Revoked(String by, Instant at, String reason, Times times) implements Answer {}

    /** Nothing to rely on. */
    record Failed(Kind kind, Failure failure) implements Answer {}

    /** Why an answer is nothing to rely on. */
    enum Kind {
        /** There is none: nobody answered, or the one who did does not know. */
        UNAVAILABLE,
        /** There is one that once was valid. */
        STALE,
        /** There is one that never was: forged, malformed, for another certificate. */
        INVALID
    }

    /** The times of a valid answer. */
    default Optional<Times> validTimes() {
        return switch (this) {
            case Good good -> Optional.of(good.times());
            case Revoked revoked -> Optional.of(revoked.times());
            case Failed _ -> Optional.empty();
        };
    }
}
