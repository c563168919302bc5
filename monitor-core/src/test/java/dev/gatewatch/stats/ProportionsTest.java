package dev.gatewatch.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProportionsTest {
    private static final double Z95 = 1.959963984540054;

    /** The examples of Newcombe's paper, method 10, as the first less the second. */
    @ParameterizedTest
    @CsvSource({
        "56, 70, 48, 80, 0.0524, 0.3339",
        "9, 10, 3, 10, 0.1705, 0.8090",
        "6, 7, 2, 7, 0.0582, 0.8062",
        "5, 56, 0, 29, -0.0381, 0.1926",
        "0, 10, 0, 20, -0.1611, 0.2775",
        "10, 10, 0, 10, 0.6075, 1.0000"
    })
    void differencesAreThoseOfThePaper(int first, int of, int second, int ofSecond, double lower, double upper) {
        var interval = Proportions.difference(second, ofSecond, first, of, Z95);

        assertThat(interval.lower()).isCloseTo(lower, within(5e-5));
        assertThat(interval.upper()).isCloseTo(upper, within(5e-5));
    }

    /** Fisher's lady: three of four cups, and all of them. */
    @ParameterizedTest
    @CsvSource({"1, 4, 3, 4, 0.242857", "0, 4, 4, 4, 0.0142857", "0, 100, 5, 20, 0.0000813", "3, 300, 3, 300, 0.657036"})
    void fishersTestIsExact(int first, int of, int second, int ofSecond, double expected) {
        assertThat(Proportions.atLeast(first, of, second, ofSecond)).isCloseTo(expected, within(0.001 * expected));
    }

    @Test
    void theIntervalHoldsTheTruthAsOftenAsItPromises() {
        var random = new SplittableRandom(7);
        int held = 0;
        for (int i = 0; i < 4_000; i++) {
            double one = 0.2 * random.nextDouble();
            double two = 0.2 * random.nextDouble();
            var interval = Proportions.difference(hits(random, 240, one), 240, hits(random, 60, two), 60, Z95);
            held += interval.lower() <= two - one && two - one <= interval.upper() ? 1 : 0;
        }
        assertThat(held / 4_000.0).isBetween(0.94, 0.975);
    }

    private static int hits(SplittableRandom random, int of, double share) {
        int hits = 0;
        for (int i = 0; i < of; i++) {
            hits += random.nextDouble() < share ? 1 : 0;
        }
        return hits;
    }
}
