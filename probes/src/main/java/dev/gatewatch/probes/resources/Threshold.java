package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Bounds on one value; the bounds themselves are within. Immutable.
 *
 * @param cause what it means when one does not hold
 */
record Threshold(
        Optional<Double> max,
        Optional<Double> min,
        Optional<Double> degradedAbove,
        Optional<Double> degradedBelow,
        Cause cause) {
    private static final Key<Double> MAX = Key.optional("max", Numbers.TYPE, "The run fails above it.");
    private static final Key<Double> MIN = Key.optional("min", Numbers.TYPE, "The run fails below it.");
    private static final Key<Double> DEGRADED_ABOVE =
            Key.optional("degraded_above", Numbers.TYPE, "The run is degraded above it.");
    private static final Key<Double> DEGRADED_BELOW =
            Key.optional("degraded_below", Numbers.TYPE, "The run is degraded below it.");
    private static final Key<Cause> CAUSE = Key.withDefault(
            "cause",
            Types.oneOf(causes()),
            Cause.RESOURCE_EXHAUSTING,
            "resource_exhausting",
            "What it means: resource_exhausting, error_rate, latency_high, server_overloaded, quota_low or health_down.");

    static final SectionType<Threshold> TYPE = SectionType.of(
            "threshold", List.of(MAX, MIN, DEGRADED_ABOVE, DEGRADED_BELOW, CAUSE), Threshold::read);

    private static LinkedHashMap<String, Cause> causes() {
        var causes = new LinkedHashMap<String, Cause>();
        for (Cause cause : List.of(
                Cause.RESOURCE_EXHAUSTING,
                Cause.ERROR_RATE,
                Cause.LATENCY_HIGH,
                Cause.SERVER_OVERLOADED,
                Cause.QUOTA_LOW,
                Cause.HEALTH_DOWN)) {
            causes.put(cause.code(), cause);
        }
        return causes;
    }

    private static Threshold read(Section s) {
        var threshold = new Threshold(
                s.find(MAX), s.find(MIN), s.find(DEGRADED_ABOVE), s.find(DEGRADED_BELOW), s.get(CAUSE));
        if (!s.has(MAX) && !s.has(MIN) && !s.has(DEGRADED_ABOVE) && !s.has(DEGRADED_BELOW)) {
            s.reading().problems().error(s.node(), "one of max, min, degraded_above and degraded_below is needed");
        }
        if (threshold.degradedAbove.isPresent()
                && threshold.max.isPresent()
                && threshold.degradedAbove.get() >= threshold.max.get()) {
            s.problem(DEGRADED_ABOVE, "degraded_above never shows: max is reached first");
        }
        if (threshold.degradedBelow.isPresent()
                && threshold.min.isPresent()
                && threshold.degradedBelow.get() <= threshold.min.get()) {
            s.problem(DEGRADED_BELOW, "degraded_below never shows: min is reached first");
        }
        return threshold;
    }

    /** Tells what does not hold. */
    void judge(String name, double value, Report.Builder report) {
        String seen = name + " is " + Numbers.shown(value) + ", ";
        if (max.isPresent() && value > max.get()) {
            report.fail(cause, seen + "above its max of " + Numbers.shown(max.get()));
        } else if (min.isPresent() && value < min.get()) {
            report.fail(cause, seen + "below its min of " + Numbers.shown(min.get()));
        } else if (degradedAbove.isPresent() && value > degradedAbove.get()) {
            report.degraded(cause, seen + "above " + Numbers.shown(degradedAbove.get()));
        } else if (degradedBelow.isPresent() && value < degradedBelow.get()) {
            report.degraded(cause, seen + "below " + Numbers.shown(degradedBelow.get()));
        }
    }
}
