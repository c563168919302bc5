package dev.gatewatch.engine;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;

/**
 * The {@code witness:} section: what tells whether this machine has a network at all. Immutable.
 *
 * @param targets none where nobody is asked
 */
public record WitnessSettings(List<HostPort> targets, Duration timeout) {
    /** The flag among the facts of a run that says nothing about its target, since the witnesses were silent too. */
    public static final String SILENT = "witnesses_silent";

    private static final Key<List<HostPort>> TARGETS = Key.required(
            "targets",
            Types.list(Types.hostPort(443), 1),
            "Addresses (`host:port`) that answer as long as this machine's network works, and that do not depend on what is watched: two or"
                    + " three at different providers. One that refuses the connection has answered.");
    private static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Types.duration(Duration.ofMillis(100), Duration.ofSeconds(30)),
            Duration.ofSeconds(2),
            "2s",
            "How long all of them may be silent before the network counts as down.");

    /** How the section is read. */
    public static final SectionType<WitnessSettings> SECTION = SectionType.of(
            "witness", List.of(TARGETS, TIMEOUT), section -> new WitnessSettings(section.get(TARGETS), section.get(TIMEOUT)));

    /** Nobody is asked: every failure is held against its target. */
    public static final WitnessSettings NONE = new WitnessSettings(List.of(), TIMEOUT.fallback().orElseThrow());

    public WitnessSettings {
        targets = List.copyOf(targets);
    }
}
