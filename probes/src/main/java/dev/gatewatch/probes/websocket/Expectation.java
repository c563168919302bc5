package dev.gatewatch.probes.websocket;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/**
 * What must hold beside the dialogue. Immutable.
 *
 * @param closes codes with which the server has to close after the dialogue; empty where we do
 * @param latency above it a run that passed is degraded
 */
record Expectation(SequencedSet<Integer> closes, Optional<Duration> latency) {
    static final Expectation DEFAULT = new Expectation(new LinkedHashSet<>(), Optional.empty());

    private static final Key<SequencedSet<Integer>> CLOSE = Key.optional(
            "close",
            Types.set(Types.integer(1000, 4999)),
            "Code, or list of codes, with which the server has to close after the dialogue; 1005 is a close without a code. Without"
                    + " this key the probe closes, with 1000.");
    private static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "The run is degraded (latency_high) when it takes longer in whole, without the closing.");

    static final SectionType<Expectation> TYPE = SectionType.of(
            "expect",
            java.util.List.of(CLOSE, LATENCY),
            s -> new Expectation(s.find(CLOSE).orElseGet(LinkedHashSet::new), s.find(LATENCY)));

    Expectation {
        closes = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(closes));
    }

    /** The codes for a message. */
    String wantedCloses() {
        return closes.stream().map(String::valueOf).collect(Collectors.joining(" or "));
    }
}
