package dev.gatewatch.probes.grpc;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/**
 * What a health answer must be. Immutable.
 *
 * @param statuses those that pass
 * @param latency above it a run that passed is degraded
 */
record Expectation(SequencedSet<Serving> statuses, Optional<Duration> latency) {
    static final Expectation DEFAULT =
            new Expectation(new LinkedHashSet<>(List.of(Serving.SERVING)), Optional.empty());

    private static final Key<SequencedSet<Serving>> STATUS = Key.withDefault(
            "status",
            Types.set(Types.oneOf(Serving.class)),
            DEFAULT.statuses,
            "serving",
            "Health that passes, one or a list of: serving, not_serving, unknown, service_unknown (the server has no such"
                    + " service).");
    private static final Key<Duration> LATENCY = Key.optional(
            "latency",
            Types.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "The run is degraded (latency_high) when it takes longer in whole.");

    static final SectionType<Expectation> TYPE = SectionType.of(
            "expect", List.of(STATUS, LATENCY), s -> new Expectation(s.get(STATUS), s.find(LATENCY)));

    Expectation {
        statuses = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(statuses));
    }

    /** The statuses for a message. */
    String wanted() {
        return statuses.stream().map(Serving::name).collect(Collectors.joining(" or "));
    }
}
