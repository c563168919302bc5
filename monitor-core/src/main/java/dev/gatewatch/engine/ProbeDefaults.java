package dev.gatewatch.engine;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What holds for probes that do not say otherwise: the {@code defaults} section. Immutable.
 *
 * @param timeout a probe with a shorter interval has that as its time-out
 * @param labels added to every probe; its own come after and win
 * @param zone the machine's where empty
 */
public record ProbeDefaults(Duration interval, Duration timeout, SequencedMap<String, String> labels, Optional<ZoneId> zone) {
    private static final Key<Duration> INTERVAL = Key.withDefault(
            "interval", ProbeKeys.INTERVAL_TYPE, Duration.ofSeconds(30), "30s", "How often a probe runs.");
    private static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            ProbeKeys.TIMEOUT_TYPE,
            Duration.ofSeconds(5),
            "5s",
            "How long a run may take; a probe with a shorter interval takes that instead.");
    private static final Key<SequencedMap<String, String>> LABELS = Key.optional(
            "labels", ProbeKeys.LABELS_TYPE, "Labels added to every probe; a probe's own of the same name win.");

    private static final Key<ZoneId> TIME_ZONE = Key.optional(
            "time_zone",
            Types.timeZone(),
            "Whose days and weeks the rhythms of probes follow that name none of their own. Default: the machine's.");

    /** How the section is written. */
    public static final SectionType<ProbeDefaults> TYPE =
            SectionType.of("defaults", List.of(INTERVAL, TIMEOUT, LABELS, TIME_ZONE), ProbeDefaults::read);

    /** What holds without a {@code defaults} section. */
    public static final ProbeDefaults BUILT_IN = new ProbeDefaults(
            INTERVAL.fallback().orElseThrow(), TIMEOUT.fallback().orElseThrow(), new LinkedHashMap<>(), Optional.empty());

    public ProbeDefaults {
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
    }

    private static ProbeDefaults read(Section section) {
        Duration interval = section.get(INTERVAL);
        Duration timeout = section.get(TIMEOUT);
        if (section.has(TIMEOUT) && timeout.compareTo(interval) > 0) {
            section.problem(
                    TIMEOUT,
                    "the time-out " + Durations.format(timeout) + " is longer than the interval "
                            + Durations.format(interval));
        }
        return new ProbeDefaults(interval, timeout, section.find(LABELS).orElseGet(LinkedHashMap::new), section.find(TIME_ZONE));
    }
}
