package dev.gatewatch.probes.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.probes.httpclient.HttpClientFuzz;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ActuatorMetricTest {
    @ParameterizedTest
    @ValueSource(strings = {"8e99999999", "-1e400"})
    void aNumberThatNoDoubleHoldsIsNoMeasurement(String written) {
        assertThatThrownBy(() -> read(written)).isInstanceOfSatisfying(
                ProbeFailure.class, e -> assertThat(e.failure().message()).contains("no measurements"));
    }

    @ParameterizedTest
    @CsvSource({"1e-99999999, 0", "2.5, 2.5", "7, 7"})
    void otherNumbersAreRead(String written, double read) throws Exception {
        assertThat(read(written)).isEqualTo(read);
    }

    private static double read(String written) throws Exception {
        String body = "{\"measurements\":[{\"statistic\":\"VALUE\",\"value\":" + written + "}]}";
        return ActuatorMetric.read(
                HttpClientFuzz.answer(200, "", body.getBytes(StandardCharsets.UTF_8)), Selector.parse("m"));
    }
}
