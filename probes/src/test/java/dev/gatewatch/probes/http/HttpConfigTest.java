package dev.gatewatch.probes.http;

import dev.gatewatch.probes.httpclient.HeaderText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Probe;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpConfigTest {
    static Stream<Arguments> mistakes() {
        String url = "https://pay.example/health";
        return Stream.of(
                arguments("ftp://x/", Map.of(), "url: expected a URL starting with http:// or https://, found \"ftp://x/\""),
                arguments("http:/x", Map.of(), "url: expected a URL starting with http:// or https://, found \"http:/x\""),
                arguments(
                        "https://user:pw@pay.example/",
                        Map.of(),
                        "url: user name and password do not belong in the URL, where everyone sees them (write auth: {basic:"
                                + " {username: …, password: \"${env:…}\"}})"),
                arguments(url, Map.of("body", "x"), "body: a GET request has no body; set method, as method: POST"),
                arguments(
                        url,
                        Map.of("method", "POST", "body", "x", "json", Map.of("a", 1)),
                        "json: only one of body, body_file, json and form may be there; each is the request body"),
                arguments(
                        url,
                        Map.of("auth", Map.of()),
                        "auth: one of basic, digest, bearer and oauth is needed"),
                arguments(
                        url,
                        Map.of("auth", Map.of("bearer", "x"), "headers", Map.of("authorization", "y")),
                        "headers: auth and an Authorization header say the same thing; keep one"),
                arguments(
                        url,
                        Map.of("headers", Map.of("Content-Length", "5")),
                        "headers: the header Content-Length is set by the probe itself"),
                arguments(
                        url,
                        Map.of("headers", Map.of("X-A", "one\ntwo")),
                        "headers.X-A: a header value is one line without control characters"),
                arguments(
                        url,
                        Map.of("expect", Map.of("status", "20x")),
                        "expect.status: expected a status (200) or a class of them (2xx), found \"20x\""),
                arguments(
                        url,
                        Map.of("expect", Map.of("json", Map.of("status", "UP"))),
                        "expect.json.status: not a JSONPath: \"status\": it starts with $, as $.status"),
                arguments(
                        url,
                        Map.of("expect", Map.of("json", Map.of("$.a[?(@.b =~ /x/)]", "UP"))),
                        "expect.json.$.a[?(@.b =~ /x/)]: not a JSONPath: \"$.a[?(@.b =~ /x/)]\": regular expressions in"
                                + " filters are not supported; use body: {matches: …}"),
                arguments(
                        url,
                        Map.of("expect", Map.of("body", Map.of("matches", "("))),
                        "expect.body.matches: not a regular expression (RE2 syntax): missing closing )"),
                arguments(
                        url,
                        Map.of("expect", Map.of("latancy", "1s")),
                        "expect.latancy: unknown key \"latancy\" (did you mean \"latency\"?)"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldInWords(String url, Map<String, Object> more, String problem) {
        assertThat(Probing.problems(url, more)).containsExactly(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$.", "$[", "$.a[", "$.a]", "$.a['b", "$a", "$.a[x]", "$.a.foo()", "$.a[?(@.b == ]", "$.a[1:2"})
    void aBadJsonPathIsToldAtLoad(String path) {
        assertThat(Probing.problems("http://x/", Map.of("expect", Map.of("json", Map.of(path, 1)))))
                .singleElement()
                .asString()
                .startsWith("expect.json." + path + ": not a JSONPath: \"" + path + "\": ")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "$.a-b", "$['a b']", "$..id", "$.a[*].b", "$.a[?(@.b=='(')].c", "$.a[-1:]", "$.a.length()"})
    void aGoodJsonPathLoads(String path) {
        assertThat(Probing.problems("http://x/", Map.of("expect", Map.of("json", Map.of(path, 1)))))
                .isEmpty();
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                arguments("https://pay.example", "https://pay.example/"),
                arguments("https://pay.example/a?b=c#frag", "https://pay.example/a?b=c"),
                arguments("https://pay.example/a?b=c&api_key=123456", "https://pay.example/a?b=c&api_key=<secret>"),
                arguments("HTTP://[::1]:8080/x", "http://[::1]:8080/x"),
                arguments(new Secret("https://hook.example/s3cr3t"), "https://hook.example/<secret>"));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theTargetIsShownWithoutSecrets(Object url, String shown) throws Exception {
        try (Probe probe = Sections.probe(new HttpProbeType(), Map.of("url", url))) {
            assertThat(probe.target()).isEqualTo(shown);
        }
    }

    @Test
    void theSampleOfTheReferenceLoads() {
        assertThat(Probing.problems(
                        "https://gateway.example.com/health",
                        Map.of(
                                "expect",
                                Map.of("status", List.of(200), "json", Map.of("$.status", "UP"), "latency", "800ms"))))
                .isEmpty();
    }

    @Test
    void addressesGivenOnTheCommandLineAreItsOwn() {
        var type = new HttpProbeType();
        assertThat(type.adHoc("https://pay.example/x")).contains(Map.of("url", "https://pay.example/x"));
        assertThat(type.adHoc("http://127.0.0.1:8080")).isPresent();
        assertThat(type.adHoc("tcp:pay.example:443")).isEmpty();
        assertThat(type.adHoc("pay.example")).isEmpty();
    }

    static Stream<Arguments> names() {
        return Stream.of(
                arguments("Authorization", true),
                arguments("Proxy-Authorization", true),
                arguments("Cookie", true),
                arguments("X-Api-Key", true),
                arguments("apikey", true),
                arguments("Ocp-Apim-Subscription-Key", true),
                arguments("X-Auth-Token", true),
                arguments("access_token", true),
                arguments("Accept", false),
                arguments("Content-Type", false),
                arguments("Idempotency-Key", false),
                arguments("X-Tokenizer", false));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameTellsWhetherItCarriesACredential(String name, boolean credential) {
        assertThat(HeaderText.namesCredential(name)).isEqualTo(credential);
    }
}
