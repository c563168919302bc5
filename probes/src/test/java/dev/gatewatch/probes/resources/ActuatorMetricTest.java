package dev.gatewatch.probes.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probes.httpclient.HttpClientFuzz;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ActuatorMetricTest {
    @ParameterizedTest
    @CsvSource({"8e99999999, Infinity", "-1e400, -Infinity", "1e-99999999, 0", "2.5, 2.5"})
    void aNumberThatNoDoubleHoldsIsInfinite(String written, double read) throws Exception {
        byte[] body = ("{\"measurements\":[{\"statistic\":\"VALUE\",\"value\":" + written + "}]}").getBytes(StandardCharsets.UTF_8);

        assertThat(ActuatorMetric.read(HttpClientFuzz.answer(200, "", body), Selector.parse("m"))).isEqualTo(read);
    }
}
