package dev.gatewatch.probes.reachability;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was found of a path, over all addresses of its host. Immutable.
 *
 * @param connected how long each connection took that was made
 * @param failures one for each address that took none, or one for the name
 * @param every whether every address has to connect where the path must
 */
record Finding(Path path, List<Duration> connected, List<Failure> failures, boolean every) {
    Finding {
        connected = List.copyOf(connected);
        failures = List.copyOf(failures);
    }

    /** Open when a connection was made; where all addresses must connect, when all did. */
    State state() {
        boolean open = !connected.isEmpty() && (failures.isEmpty() || !path.mustConnect() || !every);
        return open ? State.OPEN : State.of(failure().orElseThrow().cause());
    }

    /** The failure that tells most. */
    Optional<Failure> failure() {
        return failures.isEmpty() ? Optional.empty() : Optional.of(Connector.mostTelling(failures));
    }

    /** How long connecting took; the longest where there are several addresses. */
    Optional<Duration> latency() {
        return connected.stream().max(Comparator.naturalOrder());
    }

    /** One line for the evidence. */
    String line() {
        String took = latency().map(l -> " in " + Durations.format(l)).orElse("");
        String why = failures.isEmpty() ? "" : ": " + String.join("; ", failures.stream().map(Failure::message).toList());
        return (path.mustConnect() ? "must connect      " : "must not connect  ") + path.shown() + ": " + state().word() + took + why;
    }
}
