package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.stats.Trend;
import dev.gatewatch.stats.Trend.Point;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value that moves towards a limit, and how long before it gets there somebody is told. Immutable.
 *
 * @param value its name
 * @param what the value in words, for messages
 * @param within degraded when the limit is nearer
 * @param failWithin failed when it is nearer still
 * @param over how far back the trend looks
 */
record Exhaustion(
        String value,
        String what,
        Limit limit,
        Direction direction,
        Duration within,
        Optional<Duration> failWithin,
        Duration over) {
    /** Which way the value is used up. */
    enum Direction {
        RISING,
        FALLING
    }

    /** Where it ends. */
    sealed interface Limit {
        record Fixed(double number) implements Limit {}

        /** The value of this name, as it is in the same run. */
        record Named(String name) implements Limit {}

        ValueType<Limit> TYPE = Types.scalar(
                "a number, or the name of a value",
                Map.of("type", List.of("number", "string")),
                text -> Optional.of(
                        Numbers.parse(text).<Limit>map(Fixed::new).orElseGet(() -> new Named(text.strip()))));
    }

    private static final Key<String> VALUE =
            Key.required("value", Types.name(), "Name of the value, ratio or rate to watch.");
    private static final Key<String> WHAT =
            Key.optional("what", Types.text(), "The value in words, as \"connections in use\", for messages; its name without this.");
    private static final Key<Limit> LIMIT = Key.required(
            "limit", Limit.TYPE, "Where it is used up: a number, or the name of the value that holds it, such as a pool's size.");
    private static final Key<Direction> DIRECTION = Key.withDefault(
            "direction",
            Types.oneOf(Direction.class),
            Direction.RISING,
            "rising",
            "Whether it is used up by rising to the limit, or by falling to it, as free space does.");
    private static final Key<Duration> WITHIN = Key.withDefault(
            "within",
            Types.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            Duration.ofHours(1),
            "1h",
            "The run is degraded (resource_exhausting) when the limit will be reached sooner; at the limit it fails.");
    private static final Key<Duration> FAIL_WITHIN = Key.optional(
            "fail_within",
            Types.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            "The run fails already when the limit will be reached sooner than this.");
    private static final Key<Duration> OVER = Key.withDefault(
            "over",
            Types.duration(Duration.ofSeconds(1), Duration.ofDays(30)),
            Duration.ofMinutes(30),
            "30m",
            "How far back the trend looks; after a quarter of it the first estimate is made. Longer is steadier, shorter is quicker.");

    static final SectionType<Exhaustion> TYPE = SectionType.of(
            "exhaustion", List.of(VALUE, WHAT, LIMIT, DIRECTION, WITHIN, FAIL_WITHIN, OVER), Exhaustion::read);

    private static Exhaustion read(Section s) {
        Optional<Duration> fail = s.find(FAIL_WITHIN);
        if (fail.isPresent() && fail.get().compareTo(s.get(WITHIN)) >= 0) {
            s.problem(FAIL_WITHIN, "fail_within has to be shorter than within");
        }
        return new Exhaustion(
                s.get(VALUE),
                s.find(WHAT).orElse(s.get(VALUE)),
                s.get(LIMIT),
                s.get(DIRECTION),
                s.get(WITHIN),
                fail,
                s.get(OVER));
    }

    /**
     * Remembers where the value is now, and tells when it will be used up where that is near.
     *
     * @param meaning of the value's name; points of another meaning are forgotten
     */
    void judge(double now, double end, String meaning, Run run, Report.Builder report) {
        long millis = run.clock().millis();
        List<Point> points = new History(run.memory(), value, meaning, over).add(new Point(millis, now));
        boolean rising = direction == Direction.RISING;
        String seen = what + " " + Numbers.shown(now) + (rising ? " of " : ", limit ") + Numbers.shown(end);
        if (rising ? now >= end : now <= end) {
            report.fact(ResourceFacts.EXHAUSTION + "." + value, 0);
            report.fail(Cause.RESOURCE_EXHAUSTING, seen + (rising ? ": full" : ": used up"));
            return;
        }
        long span = millis - points.getFirst().millis();
        if (span < over.toMillis() / 4) {
            return;
        }
        Optional<Trend> trend = Trend.of(points).filter(t -> rising == t.perSecond() > 0);
        Optional<Duration> left = trend.flatMap(t -> t.until(now, end));
        if (trend.isEmpty() || left.isEmpty()) {
            return;
        }
        report.fact(ResourceFacts.EXHAUSTION + "." + value, left.get().toMillis() / 1e3);
        String told = seen + (rising ? ", growing " : ", falling ")
                + Numbers.perTime(trend.get().perSecond()) + (rising ? ": full in about " : ": used up in about ")
                + Numbers.about(left.get());
        if (failWithin.isPresent() && left.get().compareTo(failWithin.get()) < 0) {
            report.fail(Cause.RESOURCE_EXHAUSTING, told);
        } else if (left.get().compareTo(within) < 0) {
            report.degraded(Cause.RESOURCE_EXHAUSTING, told);
        }
    }
}
