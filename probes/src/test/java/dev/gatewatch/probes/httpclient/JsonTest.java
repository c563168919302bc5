package dev.gatewatch.probes.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999999999999", "[-0.1E-99999999999]", "{\"a\":1e2147483648}"})
    void anExponentThatNoNumberCanHaveMakesADocumentInvalid(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Json.parse(bytes)).isInstanceOf(Json.Invalid.class).hasMessageContaining("exponent");
        assertThat(Json.tryParse(bytes)).isEmpty();
    }
}
