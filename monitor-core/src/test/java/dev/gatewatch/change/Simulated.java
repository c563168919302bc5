package dev.gatewatch.change;

import dev.gatewatch.baseline.Baseline;
import dev.gatewatch.baseline.BaselineSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * A probe of one of the latency bench's kinds over three weeks of virtual time, and a change to it at a random moment of the third: heavy
 * tails, a daily and weekly rhythm, a level that wanders for hours, bursts of minutes, deploys of a quarter up or down. Seeded.
 */
final class Simulated {
    private static final long DAY0 = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    private static final double HOUR = 3_600_000.0;
    private static final int HOURS = 22 * 24;

    /** The kinds of {@code bench/latency/gen.py}: base, noise, rhythm, weekend, tail, its exponent, wandering, its hours, bursts a day, errors. */
    enum Kind {
        PING(1.5, 0.06, 0.05, 1.00, 0.003, 2.5, 0.03, 12, 0.3, 0.0002),
        API(80, 0.20, 0.35, 0.85, 0.010, 2.0, 0.06, 8, 0.7, 0.0010),
        SEARCH(150, 0.30, 0.80, 0.65, 0.020, 1.8, 0.08, 8, 1.0, 0.0010),
        DB(4, 0.25, 0.30, 0.90, 0.010, 2.0, 0.05, 8, 0.7, 0.0010),
        BATCH(60, 0.20, 0.25, 0.90, 0.010, 2.0, 0.05, 8, 0.5, 0.0010),
        THIRD(220, 0.35, 0.20, 0.95, 0.030, 1.5, 0.18, 5, 2.0, 0.0050),
        EDGE(12, 0.40, 0.30, 1.00, 0.020, 1.6, 0.10, 6, 3.0, 0.0030),
        KEEP(35, 0.15, 0.30, 0.90, 0.008, 2.2, 0.04, 10, 0.5, 0.0010);

        final double base;
        final double noise;
        final double rhythm;
        final double weekend;
        final double tail;
        final double exponent;
        final double wander;
        final double wanderHours;
        final double bursts;
        final double errors;

        Kind(
                double base,
                double noise,
                double rhythm,
                double weekend,
                double tail,
                double exponent,
                double wander,
                double wanderHours,
                double bursts,
                double errors) {
            this.base = base;
            this.noise = noise;
            this.rhythm = rhythm;
            this.weekend = weekend;
            this.tail = tail;
            this.exponent = exponent;
            this.wander = wander;
            this.wanderHours = wanderHours;
            this.bursts = bursts;
            this.errors = errors;
        }
    }

    private final Kind kind;
    private final SplittableRandom random;
    private final double sigma;
    private final double amplitude;
    private final double base;
    private final double[] wander = new double[HOURS + 2];
    private final double[] level = new double[HOURS + 2];
    private long burstUntil;
    private double burst;
    private long nextBurst;
    private int run;

    final long changedAt;
    final long doneAt;
    final long endsAt;

    /** From here on latencies are multiplied. */
    double factor = 1;

    /** From here on so many runs more fail. */
    double failing;

    Simulated(Kind kind, long seed, Duration rollout, Duration watched) {
        this.kind = kind;
        random = new SplittableRandom(seed);
        sigma = kind.noise * (0.8 + 0.4 * random.nextDouble());
        amplitude = kind.rhythm * (0.7 + 0.6 * random.nextDouble());
        base = kind.base * Math.exp(0.4 * random.nextGaussian());
        double r = Math.exp(-1 / kind.wanderHours);
        wander[0] = random.nextGaussian();
        for (int i = 1; i < wander.length; i++) {
            wander[i] = r * wander[i - 1] + Math.sqrt(1 - r * r) * random.nextGaussian();
        }
        changedAt = DAY0 + (long) ((14.5 + 6.5 * random.nextDouble()) * 24 * HOUR);
        doneAt = changedAt + rollout.toMillis();
        endsAt = doneAt + watched.toMillis();
        deploys();
        nextBurst = DAY0 + gap();
    }

    /** None within six hours of the change: two changes at once are told apart by nobody. */
    private void deploys() {
        double at = 24 * (3 + 7 * random.nextDouble());
        double changed = (changedAt - DAY0) / HOUR;
        while (at < HOURS) {
            double by = (2 * random.nextDouble() - 1) * Math.log(1.25);
            if (Math.abs(at - changed) > 6) {
                for (int i = (int) at; i < level.length; i++) {
                    level[i] += by;
                }
            }
            at += 24 * (6 + 6 * random.nextDouble());
        }
    }

    private long gap() {
        return (long) (-Math.log(1 - random.nextDouble()) / kind.bursts * 24 * HOUR);
    }

    /** What the live baseline knows when the change begins: two weeks and more of one run a minute. */
    Usual learnt() {
        var baseline = Baseline.fresh(BaselineSettings.latencyMillis());
        var copy = new Simulated(kind, random.nextLong(), this);
        for (long at = DAY0; at < changedAt; at += 60_000) {
            boolean failed = copy.fails(at);
            baseline.observe(at, copy.millis(at), !failed, true);
        }
        return new LearntUsual(baseline);
    }

    /** The same probe with other noise. */
    private Simulated(Kind kind, long seed, Simulated like) {
        this.kind = kind;
        random = new SplittableRandom(seed);
        sigma = like.sigma;
        amplitude = like.amplitude;
        base = like.base;
        System.arraycopy(like.wander, 0, wander, 0, wander.length);
        System.arraycopy(like.level, 0, level, 0, level.length);
        changedAt = like.changedAt;
        doneAt = like.doneAt;
        endsAt = like.endsAt;
        nextBurst = DAY0 + gap();
    }

    /** Runs from so long before the change to its end. */
    Runs runs(Duration past, Duration interval) {
        var runs = new Runs();
        long from = Math.max(DAY0, changedAt - past.toMillis());
        for (long at = from; at < endsAt; at += interval.toMillis()) {
            boolean failed = fails(at);
            runs.add(at, millis(at), failed);
        }
        return runs;
    }

    Span span() {
        return new Span(Long.MIN_VALUE, changedAt, doneAt, endsAt);
    }

    private boolean fails(long at) {
        return random.nextDouble() < kind.errors + (at >= changedAt ? failing : 0);
    }

    private double millis(long at) {
        double hours = (at - DAY0) / HOUR;
        double h = hours % 24;
        int day = (int) (hours / 24) % 7;
        double load = Math.pow(0.5 - 0.5 * Math.cos(2 * Math.PI * (h - 4) / 24), 1.5) * (day >= 5 ? kind.weekend : 1);
        int j = (int) hours;
        double log = kind.wander * (wander[j] + (hours - j) * (wander[j + 1] - wander[j])) + level[j] + sigma * random.nextGaussian();
        double x = base * (1 + amplitude * load) * Math.exp(log);
        if (kind == Kind.DB && random.nextDouble() < 0.12 * (0.6 + 0.8 * load)) {
            x *= 8;
        } else if (kind == Kind.KEEP && run++ % 15 == 0) {
            x *= 1.7;
        } else if (kind == Kind.BATCH) {
            x *= h >= 2 && h < 3.5 ? 2.2 : day == 6 && h >= 4 && h < 6 ? 3 : 1;
        }
        if (random.nextDouble() < kind.tail * (0.5 + load)) {
            x *= Math.min(50, 1.5 * Math.pow(1 - random.nextDouble(), -1 / kind.exponent));
        }
        while (at >= nextBurst) {
            burstUntil = nextBurst + 60_000L * (1 + random.nextInt(4));
            burst = 1.5 + 2.5 * random.nextDouble();
            nextBurst += gap();
        }
        return (at < burstUntil ? x * burst : x) * (at >= changedAt ? factor : 1);
    }
}
