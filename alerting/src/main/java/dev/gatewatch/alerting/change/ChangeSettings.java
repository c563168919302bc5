package dev.gatewatch.alerting.change;

import dev.gatewatch.change.Bounds;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;

/**
 * The {@code changes:} section. Immutable.
 *
 * @param bounds how much has to change to matter
 * @param namedFor for how long after a change alerts that begin still name it
 */
public record ChangeSettings(Bounds bounds, Duration namedFor) {
    public static final ChangeSettings STANDARD = new ChangeSettings(Bounds.STANDARD, Duration.ofHours(1));

    private static final Key<Double> LATENCY = Key.withDefault(
            "latency",
            Types.percent(),
            Bounds.STANDARD.latency(),
            "10%",
            "The smallest change of latency that matters. A smaller one takes more runs to tell: half of it takes four times as many.");
    private static final Key<Double> ERROR_RATE = Key.withDefault(
            "error_rate",
            Types.percent(),
            Bounds.STANDARD.errors(),
            "1%",
            "The smallest rise of the share of failed runs that matters, in percentage points.");
    private static final Key<Duration> NAMED_FOR = Key.withDefault(
            "named_for",
            Types.duration(Duration.ZERO, Duration.ofDays(7)),
            STANDARD.namedFor,
            "1h",
            "For how long after its end a change is named by the alerts that begin.");

    /** How the section is read. */
    public static final SectionType<ChangeSettings> SECTION = SectionType.of(
            "changes",
            List.of(LATENCY, ERROR_RATE, NAMED_FOR),
            s -> {
                double latency = s.get(LATENCY);
                double errors = s.get(ERROR_RATE);
                if (latency < 0.01) {
                    s.problem(LATENCY, "no probe tells changes of less than 1% from chance; write 1% or more");
                }
                if (errors <= 0) {
                    s.problem(ERROR_RATE, "the smallest change that matters has to be more than nothing");
                }
                return new ChangeSettings(
                        new Bounds(Math.max(0.01, latency), errors > 0 ? errors : Bounds.STANDARD.errors()), s.get(NAMED_FOR));
            });
}
