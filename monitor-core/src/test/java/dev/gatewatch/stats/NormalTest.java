package dev.gatewatch.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected numbers are those of R's {@code qnorm}, {@code pnorm} and {@code qt}. */
final class NormalTest {
    @ParameterizedTest
    @CsvSource({"0.5, 0", "0.975, 1.959963984540054", "0.995, 2.575829303548901", "0.0001, -3.719016485455709", "0.01, -2.326347874040841"})
    void quantilesAreThoseOfTables(double share, double expected) {
        assertThat(Normal.quantile(share)).isCloseTo(expected, within(2e-7));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "1, 0.15865525393145705", "-1.5, 0.9331927987311419", "3, 0.0013498980316300946", "6, 9.865876450376946e-10"})
    void tailsAreExactFarOutToo(double value, double expected) {
        assertThat(Normal.above(value)).isCloseTo(expected, within(2e-7 * expected));
    }

    @ParameterizedTest
    @CsvSource({"0.975, 4, 2.776445", "0.975, 10, 2.228139", "0.995, 4, 4.604095", "0.995, 10, 3.169273", "0.995, 50, 2.677793", "0.9, 5, 1.475884"})
    void fewNumbersNeedWiderIntervals(double share, double freedom, double expected) {
        assertThat(Normal.studentQuantile(share, freedom)).isCloseTo(expected, within(0.01 * expected));
    }

    @Test
    void noShareIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Normal.quantile(1));
        assertThatIllegalArgumentException().isThrownBy(() -> Normal.quantile(Double.NaN));
    }
}
