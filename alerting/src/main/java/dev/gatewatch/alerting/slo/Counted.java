package dev.gatewatch.alerting.slo;

import dev.gatewatch.alerting.rule.Tally;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * The good and bad runs of one series by one measure, in buckets of five minutes, an hour and a day: about 1 kB for a window of 30 days.
 * Confined to the evaluator's thread.
 */
final class Counted implements Tally {
    /**
     * What is counted.
     *
     * @param slowerMillis runs that took longer are bad too; 0 where only failures are
     */
    record Measure(Series series, long slowerMillis) {}

    private final Map<Tier.Length, Tier> tiers = new EnumMap<>(Tier.Length.class);

    /** @param longest the longest time that will be asked for */
    Counted(Duration longest) {
        for (Tier.Length length : Tier.Length.values()) {
            tiers.put(length, new Tier(length, longest));
        }
    }

    Tier tier(Tier.Length length) {
        return java.util.Objects.requireNonNull(tiers.get(length));
    }

    @Override
    public Counts over(Duration time, Instant end) {
        Tier.Length length = Tier.Length.DAY;
        for (Tier.Length finer : Tier.Length.values()) {
            if (time.compareTo(finer.longest) <= 0) {
                length = finer;
                break;
            }
        }
        return tier(length).between(end.minus(time).toEpochMilli(), end.toEpochMilli());
    }
}
