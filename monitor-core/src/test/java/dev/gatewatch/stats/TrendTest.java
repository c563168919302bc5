package dev.gatewatch.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatewatch.stats.Trend.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TrendTest {
    private static final long START = 1_772_452_800_000L;

    /** A point every 30 seconds. */
    private static List<Point> points(int count, IntToDoubleFunction value) {
        var points = new ArrayList<Point>();
        for (int i = 0; i < count; i++) {
            points.add(new Point(START + i * 30_000L, value.applyAsDouble(i)));
        }
        return points;
    }

    @Test
    void aSteadyLeakIsFollowedToItsEnd() {
        Trend trend = Trend.of(points(40, i -> 60 + i * 0.2)).orElseThrow();

        assertThat(trend.perSecond()).isCloseTo(0.4 / 60, within(1e-9));
        assertThat(trend.tau()).isEqualTo(1);
        assertThat(trend.until(84, 100)).contains(Duration.ofMinutes(40));
        assertThat(trend.until(84, 50)).isEmpty();
    }

    @Test
    void aQuarterOfWildPointsDoesNotMoveIt() {
        var random = new Random(5);
        Trend trend = Trend.of(points(60, i -> random.nextInt(4) == 0 ? 10_000 * random.nextDouble() : 60 + i * 0.2))
                .orElseThrow();

        assertThat(trend.perSecond() * 60).isCloseTo(0.4, within(0.1));
    }

    @Test
    void aSawtoothGoesNowhere() {
        // a heap between collections
        Trend heap = Trend.of(points(100, i -> 200 + (i % 10) * 50)).orElseThrow();

        assertThat(heap.isSteady()).isFalse();
        assertThat(heap.until(650, 700)).isEmpty();
    }

    @Test
    void noiseAroundALevelGoesNowhere() {
        var random = new Random(9);
        for (int run = 0; run < 200; run++) {
            Trend trend = Trend.of(points(40, _ -> 50 + random.nextGaussian())).orElseThrow();

            assertThat(trend.isSteady()).as(trend.toString()).isFalse();
        }
    }

    @Test
    void aFallingValueIsFollowedDown() {
        Trend trend = Trend.of(points(20, i -> 100 - i)).orElseThrow();

        assertThat(trend.until(81, 0)).contains(Duration.ofSeconds(81 * 30));
    }

    @Test
    void aValueThatStandsStillOrHasTooFewPointsGoesNowhere() {
        assertThat(Trend.of(points(40, _ -> 5)).orElseThrow().isSteady()).isFalse();
        assertThat(Trend.of(points(Trend.FEWEST - 1, i -> i))).isEmpty();
        assertThat(Trend.of(List.of(
                        new Point(1, 1), new Point(1, 2), new Point(1, 3), new Point(1, 4), new Point(1, 5), new Point(1, 6))))
                .isEmpty();
    }

    /** Noise by itself, and noise that lasts from point to point. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void theIntervalHoldsTheTrueSlopeAsOftenAsItPromises(double lasting) {
        var random = new Random(11);
        int held = 0;
        for (int run = 0; run < 600; run++) {
            double[] noise = {0};
            Trend trend = Trend.of(points(60, i -> {
                        noise[0] = lasting * noise[0] + random.nextGaussian();
                        return 100 - 0.3 * i + noise[0];
                    }), 0.95)
                    .orElseThrow();
            held += trend.lower() <= -0.01 && -0.01 <= trend.upper() ? 1 : 0;
        }
        assertThat(held / 600.0).isBetween(0.90, 0.99);
    }

    @Test
    void theEndLiesBetweenTheEarliestAndTheLatest() {
        var random = new Random(3);
        Trend trend = Trend.of(points(60, i -> 1_000 - 2 * i + random.nextGaussian())).orElseThrow();

        assertThat(trend.earliest(880, 0).orElseThrow()).isLessThan(trend.until(880, 0).orElseThrow());
        assertThat(trend.latest(880, 0).orElseThrow()).isGreaterThan(trend.until(880, 0).orElseThrow());
        assertThat(trend.latest(880, 2_000)).isEmpty();
    }
}
