package dev.gatewatch.web;

import dev.gatewatch.change.Bounds;
import dev.gatewatch.change.Comparison;
import dev.gatewatch.change.Comparison.Subject;
import dev.gatewatch.change.Runs;
import dev.gatewatch.change.Span;
import dev.gatewatch.change.Usual;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.ChangeView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/** Changes in memory: one that made the gateway a fifth slower, and whatever a test marks. Safe for many threads. */
final class MemoryChanges implements ChangeDesk {
    private final Clock clock;
    private final List<ChangeView> all = new CopyOnWriteArrayList<>();

    MemoryChanges(Clock clock) {
        this.clock = clock;
        Instant began = clock.instant().minusSeconds(3_000);
        all.add(new ChangeView(
                "7f3a",
                new LinkedHashMap<>(Map.of("team", "payments")),
                "release 1.8 <b>",
                "ada",
                began,
                Optional.of(began.plusSeconds(180)),
                Optional.of(began.plusSeconds(180 + 1_800)),
                "worse"));
    }

    @Override
    public List<ChangeView> changes() {
        return List.copyOf(all);
    }

    @Override
    public Optional<ChangeView> change(String id) {
        return all.stream().filter(c -> c.id().equals(id)).findFirst();
    }

    @Override
    public ChangeView begin(String id, Map<String, String> labels, String by, String comment) {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("a change's id has letters");
        }
        var change = new ChangeView(
                id, new LinkedHashMap<>(labels), comment, by, clock.instant(), Optional.empty(), Optional.empty(), "");
        all.addFirst(change);
        return change;
    }

    @Override
    public Optional<ChangeView> end(String id, Optional<Duration> watched) {
        return change(id).map(c -> {
            var ended = new ChangeView(
                    c.id(), c.labels(), c.comment(), c.by(), c.beganAt(), Optional.of(clock.instant()), Optional.of(clock.instant().plus(watched.orElseGet(() -> enough(c)))), "");
            all.replaceAll(other -> other.id().equals(id) ? ended : other);
            return ended;
        });
    }

    @Override
    public Duration enough(ChangeView change) {
        return Duration.ofMinutes(31);
    }

    @Override
    public Comparison compared(ChangeView change) {
        long began = change.beganAt().toEpochMilli();
        long from = change.endedAt().orElse(change.beganAt()).toEpochMilli();
        var span = new Span(Long.MIN_VALUE, began, from, from + 1_800_000);
        return Comparison.of(
                span,
                List.of(
                        new Subject(new Series("gateway", "eu", "dc1"), runs(began, from, 1.2), span, Usual.UNKNOWN),
                        new Subject(new Series("gateway", "ap", "dc1"), runs(began, from, 1), span, Usual.UNKNOWN),
                        new Subject(new Series("seldom", "", "dc1"), new Runs(), span, Usual.UNKNOWN)),
                Bounds.STANDARD);
    }

    private static Runs runs(long began, long from, double factor) {
        var random = new SplittableRandom(1);
        var runs = new Runs();
        for (long at = began - 40 * 3_600_000L; at < from + 1_800_000; at += 10_000) {
            runs.add(at, 80 * Math.exp(0.15 * random.nextGaussian()) * (at >= began ? factor : 1), random.nextInt(200) == 0);
        }
        return runs;
    }
}
