package dev.gatewatch.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

final class ResultJsonTest {
    private static final Series CHECKOUT = new Series("checkout", "eu", "dc1");

    static List<Result> results() {
        return List.of(
                pass(),
                result(Report.builder().degraded(Cause.LATENCY_HIGH, "1.2 s, allowed 800 ms").build()),
                result(Report.builder()
                        .fail(Cause.HTTP_STATUS, "status 500, expected 200")
                        .evidence("body (first 2 kB)", "{\"error\":\"\uD83D\uDCB3 \\u0000 <&>\"}\nline two")
                        .fact("status", 500)
                        .build()),
                result(Report.builder().broken(Cause.INTERNAL_ERROR, "a bug").build()));
    }

    @ParameterizedTest
    @MethodSource("results")
    void whatIsWrittenIsReadBack(Result result) {
        assertThat(ResultJson.fromBytes(ResultJson.toBytes(result))).isEqualTo(result);
        assertThat(ResultJson.fromJson(ResultJson.toJson(result))).isEqualTo(result);
    }

    @Test
    void aPassHasNeitherClassNorCauseNorRemedy() {
        assertThat(json(pass()))
                .isEqualTo("{\"probe\":\"checkout\",\"type\":\"http\",\"target\":\"https://eu.example/health\",\"region\":\"eu\","
                        + "\"location\":\"dc1\",\"startedAt\":\"2026-03-01T10:00:00.250Z\",\"durationMs\":12.345,"
                        + "\"outcome\":\"pass\",\"class\":null,\"cause\":null,\"message\":\"\","
                        + "\"phases\":{\"connect\":1.500,\"processing\":0.007},"
                        + "\"facts\":{\"status\":200,\"ratio\":0.25,\"tls_version\":\"TLSv1.3\",\"http2\":true},"
                        + "\"evidence\":[],\"remedy\":null}");
    }

    @Test
    void aFailureNamesItsClassCauseAndRemedy() {
        ObjectNode json = ResultJson.toJson(result(Report.builder()
                .fail(Cause.CERT_EXPIRED, "expired 3 days ago")
                .evidence("chain", "CN=pay")
                .build()));

        assertThat(json.get("class").stringValue()).isEqualTo("environment");
        assertThat(json.get("cause").stringValue()).isEqualTo("cert_expired");
        assertThat(json.get("remedy").stringValue()).isEqualTo(Cause.CERT_EXPIRED.remedy());
        assertThat(json.get("evidence").get(0).toString()).isEqualTo("{\"title\":\"chain\",\"text\":\"CN=pay\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "fail,request,REQUEST_REFUSED",
        "fail,environment,HEALTH_DOWN",
        "fail,identity,CREDENTIAL_REJECTED",
        "degraded,network,CONNECTION_RESET",
        "degraded,capacity,SERVER_OVERLOADED",
        "fail,quantum,REQUEST_REFUSED",
        "broken,own_side,INTERNAL_ERROR"
    })
    void aCauseOfANewerVersionBecomesTheGeneralOneOfItsClass(String outcome, String causeClass, Cause expected) {
        ObjectNode json = ResultJson.toJson(pass());
        json.put("outcome", outcome).put("class", causeClass).put("cause", "flux_decoupled").put("message", "all gone");

        Report report = ResultJson.fromJson(json).report();

        assertThat(report.cause()).contains(expected);
        assertThat(report.message()).isEqualTo("(flux_decoupled) all gone");
    }

    @Test
    void fieldsAndKindsOfFactsOfANewerVersionAreIgnored() {
        ObjectNode json = ResultJson.toJson(pass());
        json.put("mood", "sunny");
        json.withObject("/facts").putArray("histogram");

        assertThat(ResultJson.fromJson(json)).isEqualTo(pass());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "probe       | 7",
                "outcome     | \"splendid\"",
                "startedAt   | \"yesterday\"",
                "durationMs  | \"12\"",
                "durationMs  | -1",
                "durationMs  | 1e99",
                "phases      | {\"connect\":null}",
                "evidence    | [7]"
            })
    void aWrongFieldIsRefusedInWords(String field, String value) {
        String wrong = json(pass()).replaceFirst("\"" + field + "\":(\\{[^}]*}|\\[]|[^,]*)", "\"" + field + "\":" + value);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResultJson.fromBytes(wrong.getBytes(StandardCharsets.UTF_8)))
                .withMessageStartingWith("not ");
    }

    @Test
    void whatIsTooLargeIsRefused() {
        String many = json(pass())
                .replace(
                        "\"evidence\":[]",
                        "\"evidence\":[" + "{\"title\":\"t\",\"text\":\"x\"},".repeat(ResultJson.MOST_ENTRIES) + "7]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResultJson.fromBytes(many.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("more than 200");

        String deep = json(pass()).replace("\"evidence\":[]", "\"evidence\":" + "[".repeat(100) + "]".repeat(100));
        assertThatIllegalArgumentException().isThrownBy(() -> ResultJson.fromBytes(deep.getBytes(StandardCharsets.UTF_8)));
    }

    private static Result pass() {
        return result(Report.builder()
                .phase("connect", Duration.ofNanos(1_500_000))
                .phase("processing", Duration.ofNanos(7_000))
                .fact("status", 200)
                .fact("ratio", 0.25)
                .fact("tls_version", "TLSv1.3")
                .fact("http2", true)
                .build());
    }

    private static Result result(Report report) {
        return new Result(
                CHECKOUT,
                "http",
                "https://eu.example/health",
                Instant.parse("2026-03-01T10:00:00.250Z"),
                Duration.ofNanos(12_345_000),
                report);
    }

    private static String json(Result result) {
        return new String(ResultJson.toBytes(result), StandardCharsets.UTF_8);
    }
}
