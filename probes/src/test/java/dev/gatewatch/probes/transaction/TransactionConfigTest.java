package dev.gatewatch.probes.transaction;

import static dev.gatewatch.probes.transaction.Transactions.config;
import static dev.gatewatch.probes.transaction.Transactions.step;
import static dev.gatewatch.probes.transaction.Transactions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TransactionConfigTest {
    private static final String BASE = "http://127.0.0.1:1";

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(step("a", "path", "/$(id)"), "steps[0].path: $(id) has no value here: no variable, generated value or capture of an earlier step is called so"),
                Arguments.of(step("a", "path", "/$(id"), "steps[0].path: \"$(id\" is no variable (write $$( for a plain \"$(\")"),
                Arguments.of(step("a", "path", "/$(id|twice)"), "there is no conversion \"twice\" (known: raw, url, quoted, base64, json)"),
                Arguments.of(step("a", "path", "orders"), "steps[0].path: a path begins with /, as /orders"),
                Arguments.of(step("a", "url", "orders"), "expected a URL starting with http:// or https://"),
                Arguments.of(step("a"), "a request needs path or url, and not both"),
                Arguments.of(step("a", "path", "/", "url", "http://127.0.0.1/"), "a request needs path or url, and not both"),
                Arguments.of(step("a", "path", "/", "json", Map.of()), "a GET request has no body; set method, as method: POST"),
                Arguments.of(
                        step("a", "path", "/", "method", "POST", "json", Map.of(), "body", "x"), "only one of body, json and form may be there"),
                Arguments.of(step("a", "path", "/", "headers", Map.of("Content-Length", "1")), "the header Content-Length is set by the probe itself"),
                Arguments.of(step("a", "path", "/$(callback_url)"), "no step waits for the callback of $(callback_url) (add a step with callback: {wait: 10s})"),
                Arguments.of(step("a", "callback", Map.of()), "no step before this one gives the target its URL: write $(callback_url) into the request"),
                Arguments.of(step("a", "callback", Map.of(), "path", "/"), "\"path\" makes no sense beside \"callback\""),
                Arguments.of(step("a", "callback", Map.of("expect", Map.of("status", 200))), "\"status\" makes no sense for a callback"),
                Arguments.of(step("a", "path", "/", "capture", Map.of("id", "id")), "not a JSONPath"),
                Arguments.of(step("a", "path", "/", "capture", Map.of("id", Map.of("json", "$.a", "header", "b"))), "one of json, header, cookie and regex is needed"),
                Arguments.of(step("a", "path", "/", "capture", Map.of("callback_url", "$.a")), "$(callback_url) is the probe's own; choose another name"),
                Arguments.of(step("a", "path", "/", "generate", Map.of("id", "uid")), "found \"uid\" (did you mean \"uuid\"?)"),
                Arguments.of(step("a", "path", "/", "generate", Map.of("n", Map.of("integer", Map.of("min", 5, "max", 1)))), "min 5 is above max 1"),
                Arguments.of(step("a", "path", "/", "generate", Map.of("n", Map.of("amount", Map.of("min", "0.001", "max", 1)))), "0.001 has more than 2 decimals"),
                Arguments.of(step("a", "path", "/", "generate", Map.of("n", Map.of("now", Map.of("format", "yyyy-bb")))), "expected iso, unix, unix_ms or a pattern"),
                Arguments.of(
                        step("a", "method", "POST", "path", "/", "body", "$(s)", "sign", Map.of("s", Map.of("key", "k", "over", "$(request_body)"))),
                        "steps[0].body: $(s) signs the request, so that only headers can carry it"),
                Arguments.of(step("a", "path", "/$(request_body)"), "$(request_body) is for \"sign\" only"),
                Arguments.of(step("a", "path", "/", "sign", Map.of("s", Map.of("key", "xyz", "key_encoding", "hex", "over", "x"))), "the key is not hex as key_encoding says"),
                Arguments.of(step("a", "path", "/", "must_be_refused", true, "poll", Map.of("until", Map.of())), "\"must_be_refused\" makes no sense beside \"poll\""),
                Arguments.of(step("a", "method", "POST", "path", "/", "json", Map.of("x", "n $(n|json)")), "|json puts in a whole JSON value"),
                Arguments.of(step("a", "path", "/", "expect", Map.of("json", Map.of("$.id", "$(nope)"))), "$(nope) has no value here"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldInAPersonsWords(Map<String, ?> step, String problem) {
        assertThat(Transactions.problems(config(BASE, step))).anyMatch(line -> line.contains(problem), problem);
    }

    @Test
    void stepsThatWaitNeedToKnowWhereToListen() {
        var config = config(
                BASE, step("pay", "path", "/?cb=$(callback_url)"), step("called", "callback", Map.of("wait", "1s")));

        assertThat(Sections.problems(new TransactionProbeType(), config))
                .containsExactly("steps[1].name: this step waits for a callback, and the configuration does not say where to listen for it (add at the"
                        + " top: callbacks: {listen: \"127.0.0.1:9781\", public_url: \"https://…\"})");
        assertThat(Transactions.problems(config)).isEmpty();
    }

    @Test
    void twoStepsOfOneNameAreTold() {
        assertThat(Transactions.problems(config(BASE, step("a", "path", "/"), step("a", "path", "/"))))
                .anyMatch(line -> line.endsWith("two steps are called \"a\""));
    }

    @Test
    void connectToGoesWithPathsOnly() {
        assertThat(Transactions.problems(with(config(BASE, step("a", "url", "http://127.0.0.2/")), "connect_to", "127.0.0.1:1")))
                .anyMatch(line -> line.contains("connect_to holds for base_url"));
    }

    @Test
    void aVariableOfALaterStepIsNotThereYet() {
        assertThat(Transactions.problems(config(
                        BASE, step("a", "path", "/$(id)"), step("b", "path", "/", "capture", Map.of("id", "$.id")))))
                .hasSize(1);
    }

    @Test
    void everyKindOfVariableCanBeUsed() {
        assertThat(Transactions.problems(with(
                        with(
                                config(
                                        BASE,
                                        step("a", "path", "/$(one)/$(two)", "capture", Map.of("three", "$.id")),
                                        step(
                                                "b",
                                                "path",
                                                "/$(three)/$(four)/$(five)",
                                                "generate",
                                                Map.of("four", "now"),
                                                "sign",
                                                Map.of("five", Map.of("over", "$(four)"), "six", Map.of("over", "$(request_path)")),
                                                "headers",
                                                Map.of("X", "$(six)"))),
                                "variables",
                                Map.of("one", 1)),
                        "generate",
                        Map.of("two", "sequence"))))
                .isEqualTo(List.of());
    }
}
