package dev.gatewatch.baseline;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A probe's runs once a minute: log-normal latencies about a daily rhythm, and faults on demand. Seeded. */
final class Synthetic {
    static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
    static final Duration MINUTE = Duration.ofMinutes(1);

    private final SplittableRandom random;
    private final Baseline baseline;
    Instant now = MONDAY;
    double typical = 200;
    double sigma = 0.15;
    double rhythm = 0.5;
    double failing = 0.001;
    double slowShare = 0.005;
    double slowTimes = 4;
    ZoneId zone = ZoneOffset.UTC;
    Duration interval = MINUTE;

    Synthetic(Baseline baseline, long seed) {
        this.baseline = baseline;
        random = new SplittableRandom(seed);
    }

    /** The usual latency at a moment: fullest at 16:00 local. */
    double usual(Instant at) {
        double hour = at.atZone(zone).toLocalTime().toSecondOfDay() / 3600.0;
        return typical * (1 + rhythm * (0.5 - 0.5 * Math.cos(2 * Math.PI * (hour - 4) / 24)));
    }

    /** So many runs. */
    void run(Duration time, Consumer<Judgement> each) {
        for (Instant end = now.plus(time); now.isBefore(end); now = now.plus(interval)) {
            each.accept(one(true));
        }
    }

    Judgement one(boolean learn) {
        boolean ok = random.nextDouble() >= failing;
        double value = usual(now) * Math.exp(sigma * random.nextGaussian());
        if (random.nextDouble() < slowShare) {
            value *= slowTimes;
        }
        return baseline.observe(now, value, ok, learn);
    }

    void learn(Duration time) {
        run(time, _ -> {});
    }

    /** Runs until an alarm, which it returns, or fails after that time. */
    Judgement untilAlarm(Sensitivity sensitivity, Duration most) {
        for (Instant end = now.plus(most); now.isBefore(end); now = now.plus(interval)) {
            Judgement judgement = one(true);
            if (judgement.alarm(sensitivity)) {
                return judgement;
            }
        }
        throw new AssertionError("no alarm within " + most);
    }
}
