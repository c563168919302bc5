package dev.gatewatch.probes.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatewatch.probe.Memory;
import dev.gatewatch.stats.Trend;
import dev.gatewatch.stats.Trend.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {
    private static final long START = 1_772_452_800_000L;

    @Test
    void historyIsKeptWithinItsWindowAndThinnedToItsBound() {
        Memory memory = Memory.fresh();
        List<Point> all = List.of();
        for (int i = 0; i < 5_000; i++) {
            all = history(memory, "used").add(new Point(START + i * 1_000L, i / 3.0));
        }

        assertThat(all.size()).isBetween(History.MOST - 2, History.MOST + 1);
        assertThat(all.getLast()).isEqualTo(new Point(START + 4_999_000, 4_999 / 3.0));
        assertThat(all.getFirst().millis()).isGreaterThanOrEqualTo(START + 4_999_000 - 1_800_000);
        assertThat(Trend.of(all).orElseThrow().perSecond()).isCloseTo(1 / 3.0, within(1e-6));
        assertThat(memory.get("trend.pool").orElseThrow().length()).isLessThan(5_000);
    }

    @Test
    void historyOfAnotherMeaningAnotherVersionOrTheFutureIsForgotten() {
        Memory memory = Memory.fresh();
        history(memory, "used").add(new Point(START, 1));
        assertThat(history(memory, "free").add(new Point(START + 60_000, 2))).hasSize(1);
        assertThat(history(memory, "free").add(new Point(START + 120_000, 3))).hasSize(2);
        // the clock was set back
        assertThat(history(memory, "free").add(new Point(START, 4))).containsExactly(new Point(START, 4));
        for (String broken : List.of("", "2 1 1", "garbage", "1:0 1", "1:0 x y")) {
            memory.put("trend.pool", broken);
            assertThat(history(memory, "free").add(new Point(START, 4))).hasSize(1);
        }
    }

    private static History history(Memory memory, String meaning) {
        return new History(memory, "pool", meaning, Duration.ofMinutes(30));
    }

    @Test
    void aCounterHasARateFromItsSecondRunAndMayBeginAnew() {
        Memory memory = Memory.fresh();

        assertThat(rate(memory, 0, 100)).isNull();
        assertThat(rate(memory, 10, 150)).isEqualTo(5);
        assertThat(rate(memory, 20, 150)).isEqualTo(0);
        assertThat(rate(memory, 30, 20)).as("restarted").isEqualTo(2);
        assertThat(rate(memory, 30, 40)).as("no time went by").isNull();
        assertThat(rate(memory, 25, 50)).as("the clock was set back").isNull();
        assertThat(rate(memory, 35, 60)).isEqualTo(1);
        memory.put("counters", "nonsense\nreqs.x 1 y\n");
        assertThat(rate(memory, 45, 70)).isNull();
    }

    private static @org.jspecify.annotations.Nullable Double rate(Memory memory, long second, double value) {
        var counters = new Counters(memory, Instant.ofEpochMilli(START).plusSeconds(second));
        var rate = counters.perSecond("reqs", "meaning", value);
        counters.keep();
        return rate.isPresent() ? rate.getAsDouble() : null;
    }

    @Test
    void aQuantileIsReckonedAsPrometheusDoes() {
        var buckets = new Buckets();
        buckets.add(0.1, 10);
        buckets.add(0.5, 60);
        buckets.add(1, 90);
        buckets.add(Double.POSITIVE_INFINITY, 100);

        assertThat(buckets.quantile(0.05).orElseThrow()).isCloseTo(0.05, within(1e-9));
        assertThat(buckets.quantile(0.5).orElseThrow()).isCloseTo(0.1 + 0.4 * 40 / 50, within(1e-9));
        assertThat(buckets.quantile(0.9).orElseThrow()).isCloseTo(1, within(1e-9));
        assertThat(buckets.quantile(0.99)).as("beyond the last bound").hasValue(1);
        assertThat(new Buckets().quantile(0.5)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.006666667,0.4/min", "12.3456,12.3/s", "0.0005,1.8/h", "0.00001,0.864/day", "-0.5,30/min"})
    void aSlopeIsShownInItsUnit(double perSecond, String shown) {
        assertThat(Numbers.perTime(perSecond)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"90,90 s", "2400,40 min", "10800,3 h", "400000,5 days"})
    void aTimeIsShownAsPeopleGuessIt(long seconds, String shown) {
        assertThat(Numbers.about(Duration.ofSeconds(seconds))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"84,84", "0.123456,0.123", "1234567.8,1234568", "-2.5,-2.5", "1e18,1000000000000000000"})
    void aNumberIsShownShort(double value, String shown) {
        assertThat(Numbers.shown(value)).isEqualTo(shown);
    }
}
