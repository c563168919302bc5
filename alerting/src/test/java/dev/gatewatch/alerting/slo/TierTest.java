package dev.gatewatch.alerting.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.rule.Tally.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TierTest {
    private static final long MINUTE = 60_000;
    private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRingOfBucketsCountsAsAnEndlessListDoes(long seed) {
        var random = new Random(seed);
        var tier = new Tier(Tier.Length.FIVE_MINUTES, Duration.ofHours(2));
        var good = new HashMap<Long, Integer>();
        var bad = new HashMap<Long, Integer>();
        long at = START;
        for (int i = 0; i < 3_000; i++) {
            // gaps, and a clock that is set back at times
            at += random.nextInt(200) == 0 ? random.nextInt(240) * MINUTE : random.nextInt(90_000);
            at -= random.nextInt(400) == 0 ? random.nextInt(60) * MINUTE : 0;
            boolean isBad = random.nextInt(5) == 0;
            long bucket = tier.length.bucket(at);
            if (tier.count(bucket, isBad)) {
                (isBad ? bad : good).merge(bucket, 1, Integer::sum);
            }
            long newest = tier.length.bucket(at);
            Duration window = Duration.ofMinutes(5 + random.nextInt(115));
            if (good.keySet().stream().noneMatch(b -> b > newest) && bad.keySet().stream().noneMatch(b -> b > newest)) {
                assertThat(tier.between(at - window.toMillis(), at))
                        .isEqualTo(expected(good, bad, tier.length, at - window.toMillis(), at));
            }
        }
    }

    private static Counts expected(Map<Long, Integer> good, Map<Long, Integer> bad, Tier.Length length, long from, long end) {
        return new Counts(sum(good, length, from, end), sum(bad, length, from, end));
    }

    private static double sum(Map<Long, Integer> counts, Tier.Length length, long from, long end) {
        long whole = counts.entrySet().stream()
                .filter(e -> e.getKey() > length.bucket(from) && e.getKey() <= length.bucket(end))
                .mapToLong(Map.Entry::getValue)
                .sum();
        double share = (double) ((length.bucket(from) + 1) * length.millis - from) / length.millis;
        return whole + share * counts.getOrDefault(length.bucket(from), 0);
    }

    @Test
    void aRunOlderThanTheRingIsLeftOut() {
        var tier = new Tier(Tier.Length.HOUR, Duration.ofHours(10));
        assertThat(tier.count(100, true)).isTrue();
        assertThat(tier.count(95, true)).isTrue();
        assertThat(tier.count(88, true)).isFalse();
        assertThat(tier.bad(95)).isEqualTo(1);
        assertThat(tier.bad(97)).isZero();
        assertThat(tier.count(111, false)).isTrue();
        assertThat(tier.bad(95)).isZero();
        assertThat(tier.bad(100)).isEqualTo(1);
    }
}
