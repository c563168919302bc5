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
                arguments(
                        "{\"status\":\"Unhealthy\",\"totalDuration\":\"00:00:00.1\",\"entries\":{\"sql\":{\"status\":\"Unhealthy\","
                                + "\"description\":\"no connection\"},\"disk\":{\"status\":\"Healthy\"}}}",
                        true,
                        " (entries.sql is Unhealthy)"),
                arguments(
                        "{\"status\":\"Degraded\",\"results\":{\"queue\":{\"status\":\"Unhealthy\"}}}",
                        false,
                        " (results.queue is Unhealthy)"),
                arguments(
                        "{\"status\":\"error\",\"info\":{},\"error\":{\"redis\":{\"status\":\"down\"}},"
                                + "\"details\":{\"redis\":{\"status\":\"down\"}}}",
                        true,
                        " (details.redis is down)"),
                arguments("{\"cluster_name\":\"es\",\"status\":\"red\",\"number_of_nodes\":3}", true, ""),
                arguments(
                        "{\"status\":\"DOWN\",\"details\":{\"db\":{\"status\":\"DOWN\",\"details\":{\"error\":\"x\"}}}}",
                        true,
                        " (details.db is DOWN)"),
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

    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("[+]ping ok\n[-]etcd failed: reason withheld\n[+]log ok\nreadyz check failed\n", true, " (etcd is failed)"),
                arguments("[+]ping ok\n[+]log ok\nreadyz check passed\n", false, ""),
                arguments("Unhealthy", true, ""),
                arguments("Healthy\n", false, ""),
                arguments("DOWN", true, ""));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aReportInPlainTextIsRead(String text, boolean down, String shown) {
        var health = HealthDocument.ofText(text).orElseThrow();

        assertThat(health.isDown()).isEqualTo(down);
        assertThat(health.shown()).isEqualTo(shown);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"", "Service is down for maintenance", "<html>", "[x]ping ok"})
    void anyOtherTextIsNoReport(String text) {
        assertThat(HealthDocument.ofText(text)).isEmpty();
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {"{\"status\":\"shipped\"}", "{\"status\":200}", "{}", "[]", "{\"state\":\"DOWN\"}"})
    void anOrdersStatusIsNoHealth(String document) throws Exception {
        assertThat(HealthDocument.of(Json.parse(document.getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
    }
}
