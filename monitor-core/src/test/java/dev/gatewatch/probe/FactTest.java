package dev.gatewatch.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactTest {
    @ParameterizedTest
    @CsvSource({"200, 200", "0.0000627, 0.000063", "0.056, 0.056", "1795885282, 1795885282", "-0.5, -0.5", "0.00000001, 0", "1e20, 100000000000000000000"})
    void numbersAreShownWithoutExponent(double number, String shown) {
        assertThat(Fact.of(number).shown()).isEqualTo(shown);
    }
}
