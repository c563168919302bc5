package dev.gatewatch.probes.expect;

import dev.gatewatch.probes.httpclient.Json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class HealthDocumentTest {
    static Stream<Arguments> reports() {
        return Stream.of(
                arguments("{\"status\":\"UP\"}", false, ""),
                arguments("{\"status\":\"DOWN\"}", true, ""),
                arguments(
                        "{\"status\":\"DOWN\",\"components\":{\"db\":{\"status\":\"DOWN\",\"components\":"
                                + "{\"replica\":{\"status\":\"DOWN\"}}},\"disk\":{\"status\":\"UP\"}}}",
                        true,
                        " (components.db.components.replica is DOWN)"),
                arguments(
                        "{\"status\":\"UP\",\"components\":{\"mail\":{\"status\":\"OUT_OF_SERVICE\"}}}",
                        false,
                        " (components.mail is OUT_OF_SERVICE)"),
                arguments(
                        "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"db\",\"status\":\"DOWN\"},"
                                + "{\"name\":\"mq\",\"status\":\"UP\"}]}",
                        true,
                        " (checks.db is DOWN)"),
                arguments(
                        "{\"status\":\"fail\",\"checks\":{\"db:connections\":[{\"status\":\"fail\"}]}}",
                        true,
                        " (checks.db:connections is fail)"),
                arguments("{\"status\":\"unhealthy\",\"services\":{\"redis\":\"down\"}}", true, " (services.redis is down)"));
    }

    @ParameterizedTest
    @MethodSource("reports")
    void aReportSaysWhatIsDown(String document, boolean down, String shown) throws Exception {
        var health = HealthDocument.of(Json.parse(document.getBytes(StandardCharsets.UTF_8)))
                .orElseThrow();

        assertThat(health.isDown()).isEqualTo(down);
        assertThat(health.shown()).isEqualTo(shown);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {"{\"status\":\"shipped\"}", "{\"status\":200}", "{}", "[]", "{\"state\":\"DOWN\"}"})
    void anOrdersStatusIsNoHealth(String document) throws Exception {
        assertThat(HealthDocument.of(Json.parse(document.getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
    }
}
