package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be expected of an answer beside its status, header texts and body texts. */
final class HttpExpectTest {
    private static final String DOCUMENT =
            "{\"status\":\"UP\",\"total\":\"12.50\",\"count\":3,\"rate\":0.5,\"items\":[{\"id\":1},{\"id\":2}],\"none\":null}";

    /** {@code {"status":"UP"}}, made by Node's zlib.brotliCompressSync. */
    private static final String BROTLI = "CweAeyJzdGF0dXMiOiJVUCJ9Aw==";

    /** 100 MB of zeros, likewise. */
    private static final String BROTLI_BOMB =
            "y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIgDgsAdO//+P//B/8EQBwWAOje//H//w/+CYA4"
                    + "LADQvf/j//8f/BMAcVgAoHv/x///P/gnAOKwAED3/o///3/wTwDEYQGA7v0f////4J8AiMMCAN37v/wHr8M/ARCHBQC62HU=";

    private final MockWebServer server = new MockWebServer();

    /** CEL takes a while when it is used for the first time, which tests of deadlines should not measure. */
    @BeforeAll
    static void warmUp() {
        assertThat(Probing.problems("http://x/", Map.of("expect", Map.of("cel", "true")))).isEmpty();
    }

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static Stream<Arguments> comparisons() {
        return Stream.of(
                arguments(Map.of("$.count", Map.of("gt", 2, "lte", 3)), ""),
                arguments(Map.of("$.count", Map.of("gt", 3)), "$.count is 3, expected above 3"),
                arguments(Map.of("$.count", Map.of("gte", 3.5)), "$.count is 3, expected at least 3.5"),
                arguments(Map.of("$.total", Map.of("gt", 12, "lt", 13)), ""),
                arguments(Map.of("$.total", Map.of("lt", 12.5)), "$.total is \"12.50\", expected below 12.5"),
                arguments(Map.of("$.status", Map.of("gt", 0)), "$.status is \"UP\", expected above 0"),
                arguments(Map.of("$.status", Map.of("in", List.of("UP", "WARN"))), ""),
                arguments(Map.of("$.status", Map.of("in", List.of("OK"))), "$.status is \"UP\", expected one of [\"OK\"]"),
                arguments(Map.of("$.status", Map.of("ne", "DOWN")), ""),
                arguments(Map.of("$.status", Map.of("ne", "UP")), "$.status is \"UP\", expected anything but \"UP\""),
                arguments(Map.of("$.status", Map.of("matches", "^U", "not_matches", "x")), ""),
                arguments(Map.of("$.status", Map.of("matches", "^D")), "$.status is \"UP\", expected matching /^D/"),
                arguments(Map.of("$.items[*].id", Map.of("gte", 1)), ""),
                arguments(Map.of("$.items[*].id", Map.of("gt", 1)), "$.items[*].id is 1, expected above 1"),
                arguments(Map.of("$.gone", Map.of("gt", 1)), "$.gone is missing, expected above 1"),
                arguments(Map.of("$.gone", Map.of("exists", false)), ""),
                arguments(Map.of("$.none", Map.of("exists", true)), ""),
                arguments(Map.of("$.count", Map.of("exists", false)), "$.count is 3, expected nothing"),
                arguments(Map.of("$.items[*]", Map.of("exists", false)), "$.items[*] is {\"id\":1}, expected nothing"),
                arguments(Map.of("$.items[0]", Map.of("eq", Map.of("id", 1))), ""),
                arguments(Map.of("$.items[0]", Map.of("id", 1)), ""));
    }

    @ParameterizedTest
    @MethodSource("comparisons")
    void jsonValuesAreCompared(Map<String, Object> json, String message) throws Exception {
        server.enqueue(answer(DOCUMENT));

        Report report = probe(Map.of("json", json));

        assertThat(report.message()).isEqualTo(message);
        assertThat(report.cause().map(Cause::code).orElse("")).isEqualTo(message.isEmpty() ? "" : "content_mismatch");
    }

    static Stream<Arguments> expressions() {
        return Stream.of(
                arguments("body.items.size() > 0", ""),
                arguments("body.items.size() > 2", "body.items.size() > 2 does not hold: body.items.size() is 2"),
                arguments(
                        "status == 200 && body.items.all(i, i.id < 2)",
                        "body.items.all(i, i.id < 2) does not hold"),
                arguments("body.rate < 1 && body.count == 3.0 && body.none == null", ""),
                arguments("has(body.gone)", "has(body.gone) does not hold"),
                arguments("body.gone == 1", "body.gone == 1 cannot be said: there is no \"gone\""),
                arguments("body.status > 5", "body.status > 5 cannot be said: the values are of kinds that do not go together"),
                arguments("body.items[7].id == 1", "body.items[7].id == 1 cannot be said: Index out of bounds: 7"),
                arguments("body.status", "body.status is \"UP\", expected true"),
                arguments("headers['content-type'].startsWith('text/')", ""),
                arguments("headers['x-two'] == 'a, b'", ""),
                arguments("'X-None' in headers", "\"X-None\" in headers does not hold"),
                arguments("latency_ms < 1", "*"),
                arguments("text.matches('\"count\":[0-9]+')", ""),
                arguments("text.matches('^x')", "text.matches(\"^x\") does not hold"),
                arguments("5 < body.count", "5 < body.count does not hold: body.count is 3"));
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void celExpressionsMustBeTrue(String expression, String message) throws Exception {
        server.enqueue(answer(DOCUMENT)
                .newBuilder()
                .addHeader("Content-Type", "text/json")
                .addHeader("X-Two", "a")
                .addHeader("X-Two", "b")
                .headersDelay(5, TimeUnit.MILLISECONDS)
                .build());

        Report report = probe(Map.of("cel", expression));

        if (message.equals("*")) {
            assertThat(report.message()).matches("latency_ms < 1 does not hold: latency_ms is \\d+");
        } else {
            assertThat(report.message()).isEqualTo(message);
        }
        assertThat(fact(report, "failed_due_to_cel")).isEqualTo(!message.isEmpty());
        assertThat(report.cause().map(Cause::code).orElse("")).isEqualTo(message.isEmpty() ? "" : "content_mismatch");
    }

    @Test
    void aCelExpressionOnABodyThatIsNotJsonIsJsonInvalid() throws Exception {
        server.enqueue(answer("<html>"));
        server.enqueue(answer("<html>"));
        server.enqueue(answer("<html>"));

        Report report = probe(Map.of("cel", "body.items.size() > 0"));

        assertThat(report.cause()).contains(Cause.JSON_INVALID);
        assertThat(report.message())
                .isEqualTo("the body is not JSON: there is something unexpected (line 1, column 1), for body.items.size() > 0");
        assertThat(probe(Map.of("cel", "body == null && status == 200")).outcome()).isEqualTo(Outcome.PASS);
        assertThat(probe(Map.of("cel", "text.contains('html')")).outcome()).isEqualTo(Outcome.PASS);
    }

    static Stream<Arguments> badExpressions() {
        return Stream.of(
                arguments("status ==", "column 10: mismatched input '<EOF>'"),
                arguments("foo > 1", "column 1: there is no foo; known are body, text, status, headers, latency_ms"),
                arguments("true &&\nstatus == 'x'", "line 2, column 8: found no matching overload for '_==_' applied to '(int, string)'"),
                arguments("status", "it is a number, expected true or false"),
                arguments("text", "it is a text, expected true or false"),
                arguments("text.matches(body.p)", "the pattern of matches() has to be written out as text"),
                arguments("text.matches('(')", "not a regular expression (RE2 syntax): missing closing )"));
    }

    @ParameterizedTest
    @MethodSource("badExpressions")
    void aBadCelExpressionIsToldAtLoad(String expression, String problem) {
        assertThat(Probing.problems("http://x/", Map.of("expect", Map.of("cel", List.of("true", expression)))))
                .containsExactly("expect.cel[1]: not a CEL expression that can be checked: " + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "body.all(a, body.all(b, body.all(c, a + b + c >= 0)))",
                "body.map(a, body.map(b, a * b)).size() > 0",
                "text.matches('(0?){900}(0+){900}b')"
            })
    void aCelExpressionThatTakesTooLongIsOurOwnFault(String expression) throws Exception {
        server.enqueue(answer("[" + "0,".repeat(200_000) + "0]"));

        long start = System.nanoTime();
        Report report = Probing.run(
                Probing.config(url(), Map.of("expect", Map.of("cel", expression))), Duration.ofSeconds(1));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.BROKEN);
        assertThat(report.message()).contains("simplify them or raise timeout");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aSecretInACelExpressionIsNotShown() throws Exception {
        server.enqueue(answer(DOCUMENT));

        Report report = probe(Map.of("cel", new Secret("body.status == 's3cr3t-value'")));

        assertThat(report.message()).isEqualTo("<secret> does not hold");
    }

    static Stream<Arguments> bounds() {
        return Stream.of(
                arguments(Map.of("body_size", Map.of("min", 5)), ""),
                arguments(Map.of("body_size", Map.of("min", 6)), "the body has 5 bytes, expected at least 6 bytes"),
                arguments(Map.of("body_size", Map.of("max", 4)), "the body has 5 bytes, expected at most 4 bytes"),
                arguments(Map.of("tls", false), ""),
                arguments(Map.of("tls", true), "the answer came without TLS, expected TLS"),
                arguments(Map.of("redirects", 0), ""),
                arguments(Map.of("redirects", 2), "0 redirects, expected 2"),
                arguments(Map.of("compression", "identity"), ""),
                arguments(Map.of("compression", List.of("gzip", "br")), "Content-Encoding is identity, expected gzip or br"));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void sizeTlsRedirectsAndCompressionAreCompared(Map<String, Object> expect, String message) throws Exception {
        server.enqueue(answer("hello"));

        Report report = probe(expect);

        assertThat(report.message()).isEqualTo(message);
        assertThat(report.cause().map(Cause::code).orElse("")).isEqualTo(message.isEmpty() ? "" : "content_mismatch");
    }

    @Test
    void redirectsAreCounted() throws Exception {
        server.enqueue(new MockResponse.Builder().code(302).setHeader("Location", "/b").build());
        server.enqueue(answer("hello"));

        assertThat(probe(Map.of("redirects", 1)).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aSinglePhaseThatIsTooSlowIsDegraded() throws Exception {
        server.enqueue(answer("").newBuilder().headersDelay(60, TimeUnit.MILLISECONDS).build());

        Report report = probe(Map.of("phases", Map.of("processing", "50ms", "connect", "10s")));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.LATENCY_HIGH);
        assertThat(report.message()).matches("processing took .*, expected at most 50ms");
    }

    static Stream<Arguments> quotas() {
        return Stream.of(
                arguments("10%", ""),
                arguments("11%", "10 of 100 requests left, expected at least 11%"),
                arguments(10, ""),
                arguments(11, "10 of 100 requests left, expected at least 11"));
    }

    @ParameterizedTest
    @MethodSource("quotas")
    void theQuotaThatMustBeLeftCanBeSet(Object bound, String message) throws Exception {
        server.enqueue(answer("")
                .newBuilder()
                .addHeader("RateLimit-Policy", "\"day\";q=100;w=86400")
                .addHeader("RateLimit", "\"day\";r=10;t=300")
                .build());

        Report report = probe(Map.of("quota_left", bound));

        assertThat(report.message()).startsWith(message.isEmpty() ? "" : message.substring(0, 25));
        assertThat(report.cause().map(Cause::code).orElse("")).isEqualTo(message.isEmpty() ? "" : "quota_low");
        assertThat(fact(report, "quota_left")).isEqualTo(10L);
    }

    @Test
    void brotliIsAskedForReadAndAsserted() throws Exception {
        server.enqueue(coded("br", Base64.getDecoder().decode(BROTLI)));

        Report report = probe(Map.of("compression", "br", "json", Map.of("$.status", "UP")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(server.takeRequest().getHeaders().get("Accept-Encoding")).isEqualTo("br");
        assertThat(fact(report, "compression")).isEqualTo("br");
        assertThat(fact(report, "body_bytes")).isEqualTo(15L);
    }

    @Test
    void aBrotliBombIsStoppedAtTheLimit() throws Exception {
        server.enqueue(coded("br", Base64.getDecoder().decode(BROTLI_BOMB)));

        Report report = Probing.run(url(), Map.of("compression", "br"));

        assertThat(report.cause()).as(report.toString()).contains(Cause.BODY_TOO_LARGE);
        assertThat((Long) fact(report, "body_bytes")).isLessThan(1_100_000);
    }

    @Test
    void aBrotliBodyThatIsNoneOrEndsTooEarlyIsSaid() throws Exception {
        byte[] whole = Base64.getDecoder().decode(BROTLI);
        server.enqueue(coded("br", "<html><body>hello</body></html>".getBytes(StandardCharsets.US_ASCII)));
        server.enqueue(coded("br", java.util.Arrays.copyOf(whole, whole.length - 6)));

        Report garbled = probe(Map.of());
        Report cut = probe(Map.of());

        assertThat(garbled.cause()).as(garbled.toString()).contains(Cause.CONTENT_MISMATCH);
        assertThat(garbled.message()).isEqualTo("the body is not br as its header says");
        assertThat(cut.cause()).as(cut.toString()).contains(Cause.BODY_TRUNCATED);
    }

    @Test
    void aBrotliBodyThatStallsEndsAtTheDeadline() throws Exception {
        server.enqueue(coded("br", Base64.getDecoder().decode(BROTLI))
                .newBuilder()
                .throttleBody(5, 1, TimeUnit.MINUTES)
                .build());

        Report report = Probing.run(Probing.config(url(), Map.of()), Duration.ofMillis(500));

        assertThat(report.cause()).as(report.toString()).contains(Cause.BODY_TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deflateIsReadWithAndWithoutItsWrapper(boolean raw) throws Exception {
        var deflater = new Deflater(9, raw);
        deflater.setInput("hello hello hello".getBytes(StandardCharsets.US_ASCII));
        deflater.finish();
        var out = new byte[100];
        int length = deflater.deflate(out);
        deflater.end();
        server.enqueue(coded("deflate", java.util.Arrays.copyOf(out, length)));

        Report report = probe(Map.of("compression", "deflate", "body", "hello hello hello"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void anAnswerWithoutABodyNeedsNoCoding() throws Exception {
        server.enqueue(new MockResponse.Builder().setHeader("Content-Encoding", "gzip").build());
        server.enqueue(new MockResponse.Builder().setHeader("Content-Encoding", "gzip").build());

        assertThat(probe(Map.of()).outcome()).isEqualTo(Outcome.PASS);
        assertThat(Probing.run(url(), Map.of("method", "HEAD")).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void theListOfCodingsIsSentInOrder() throws Exception {
        server.enqueue(answer(""));

        Probing.run(url(), Map.of("compression", List.of("br", "gzip")));

        assertThat(server.takeRequest().getHeaders().get("Accept-Encoding")).isEqualTo("br, gzip");
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                arguments(
                        Map.of("headers", Map.of("Accept-Encoding", "br"), "expect", Map.of("compression", "gzip")),
                        "headers: the header Accept-Encoding asks for br, and expect.compression expects gzip"),
                arguments(
                        Map.of("compression", "br", "expect", Map.of("compression", List.of("gzip", "deflate"))),
                        "compression: compression asks for br, and expect.compression expects gzip or deflate"),
                arguments(
                        Map.of("headers", Map.of("Accept-Encoding", "gzip;q=0, *"), "expect", Map.of("compression", "gzip")),
                        "headers: the header Accept-Encoding asks for gzip;q=0, *, and expect.compression expects gzip"),
                arguments(
                        Map.of("headers", Map.of("Accept-Encoding", "gzip"), "compression", "gzip"),
                        "headers: compression and an Accept-Encoding header say the same thing; keep one"),
                arguments(
                        Map.of("compression", "zstd", "expect", Map.of("body", "x")),
                        "compression: zstd is asked for that cannot be undone here, so that expect could not read the body;"
                                + " gzip, br and deflate can"),
                arguments(
                        Map.of("expect", Map.of("compression", "zstd", "cel", "body.a == 1")),
                        "expect: zstd is asked for that cannot be undone here, so that expect could not read the body; gzip,"
                                + " br and deflate can"),
                arguments(
                        Map.of("headers", Map.of("Accept-Encoding", "lzma"), "expect", Map.of("body", "x")),
                        "headers: a coding is asked for that cannot be undone here, so that expect could not read the body;"
                                + " gzip, br and deflate can"),
                arguments(Map.of("expect", Map.of("body_size", Map.of())), "expect.body_size: min, max or both are needed"),
                arguments(
                        Map.of("expect", Map.of("body_size", Map.of("min", "2kB", "max", "1kB"))),
                        "expect.body_size.max: max is smaller than min"),
                arguments(
                        Map.of("expect", Map.of("phases", Map.of("dns", "1s"))),
                        "expect.phases.dns: expected a phase (token, resolve, connect, proxy, tls, processing, transfer),"
                                + " found \"dns\""),
                arguments(
                        Map.of("expect", Map.of("quota_left", "101%")),
                        "expect.quota_left: expected a share (10%) or a number of requests (50), found \"101%\""),
                arguments(
                        Map.of("expect", Map.of("json", Map.of("$.a", Map.of("gt", "many")))),
                        "expect.json.$.a.gt: expected a number, found \"many\""),
                arguments(
                        Map.of("expect", Map.of("json", Map.of("$.a", Map.of("in", "x")))),
                        "expect.json.$.a.in: expected a list of values, found text"),
                arguments(
                        Map.of("cookies", Map.of("sid", "a;b")),
                        "cookies: the value of cookie sid holds what a cookie cannot: a blank, quote, comma, semicolon, backslash"
                                + " or a character beyond ASCII"),
                arguments(
                        Map.of("cookies", Map.of("sid", "a"), "headers", Map.of("Cookie", "b=c")),
                        "headers: cookies and a Cookie header say the same thing; keep one"));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void whatCannotHoldIsToldAtLoad(Map<String, Object> config, String problem) {
        assertThat(Probing.problems("http://x/", config)).containsExactly(problem);
    }

    private Report probe(Map<String, ?> expect) throws Exception {
        return Probing.run(url(), Map.of("expect", expect));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getPort() + "/";
    }

    private static MockResponse answer(String body) {
        return new MockResponse.Builder().body(body).build();
    }

    private static MockResponse coded(String coding, byte[] body) {
        return new MockResponse.Builder()
                .setHeader("Content-Encoding", coding)
                .body(new Buffer().write(body))
                .build();
    }
}
