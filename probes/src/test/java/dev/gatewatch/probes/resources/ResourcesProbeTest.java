package dev.gatewatch.probes.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcesProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);

    private static final String PAGE = """
            # TYPE pool_active gauge
            pool_active{pool="orders"} 84
            pool_active{pool="mail"} 2
            pool_max{pool="orders"} 100
            http_requests_total{code="200"} 1000
            http_requests_total{code="500"} 10
            heap_used_bytes 3.5e8
            """;

    private final List<AutoCloseable> servers = new ArrayList<>();
    private final FakeClock clock = new FakeClock(Instant.parse("2026-03-02T12:00:00Z"));
    private final Memory memory = Memory.fresh();

    @AfterEach
    void stopServers() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    @Override
    protected ProbeType type() {
        return new ResourcesProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of(
                "url",
                page(PAGE),
                "values",
                Map.of("used", "pool_active{pool=\"orders\"}", "size", "pool_max{pool=\"orders\"}"),
                "ratios",
                Map.of("pool", "used / size"),
                "expect",
                Map.of("pool", Map.of("max", 0.95, "degraded_above", 0.9)));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return Map.of(
                "url",
                page(PAGE),
                "values",
                Map.of("used", "pool_active{pool=\"orders\"}"),
                "expect",
                Map.of("used", Map.of("max", 80)));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of("url", "http://127.0.0.1:" + LocalServer.closedPort() + "/metrics", "values", Map.of("up", "up"));
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        var server = LocalServer.silent();
        servers.add(server);
        return Optional.of(Map.of("url", "http://" + server.address() + "/metrics", "values", Map.of("up", "up")));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        return Optional.of(Map.of(
                "url",
                page("broken{token=\"" + secret.reveal() + "\"\n"),
                "auth",
                Map.of("bearer", secret),
                "headers",
                Map.of("X-Api-Key", secret),
                "values",
                Map.of("up", "up")));
    }

    @Test
    void valuesRatiosAndWhatTheRequestSawAreFacts() throws Exception {
        Report report = run(passing());

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts())
                .containsEntry("value.used", Fact.of(84))
                .containsEntry("value.size", Fact.of(100))
                .containsEntry("value.pool", Fact.of(0.84))
                .containsEntry("series", Fact.of(6))
                .containsEntry("status", Fact.of(200));
        assertThat(report.phases()).containsKeys("resolve", "connect", "processing", "transfer");
    }

    @ParameterizedTest
    @CsvSource({
        "max,80,FAIL,'used is 84, above its max of 80'",
        "min,90,FAIL,'used is 84, below its min of 90'",
        "degraded_above,83.5,DEGRADED,'used is 84, above 83.5'",
        "degraded_below,100,DEGRADED,'used is 84, below 100'",
        "max,84,PASS,''",
        "min,84,PASS,''"
    })
    void aBoundThatDoesNotHoldIsToldWithNumbers(String bound, double limit, Outcome outcome, String message)
            throws Exception {
        Report report = run(Map.of(
                "url",
                page(PAGE),
                "values",
                Map.of("used", "pool_active{pool=\"orders\"}"),
                "expect",
                Map.of("used", Map.of(bound, limit))));

        assertThat(report.outcome()).isEqualTo(outcome);
        assertThat(report.message()).isEqualTo(message);
        if (outcome != Outcome.PASS) {
            assertThat(report.cause()).contains(Cause.RESOURCE_EXHAUSTING);
            assertThat(report.evidence()).anySatisfy(e -> assertThat(e.text()).isEqualTo("used 84"));
        }
    }

    @Test
    void aBoundMayHaveACauseOfItsOwn() throws Exception {
        Report report = run(Map.of(
                "url",
                page(PAGE),
                "values",
                Map.of("bad", "http_requests_total{code=~\"5..\"}", "all", "http_requests_total"),
                "ratios",
                Map.of("errors", "bad / all"),
                "expect",
                Map.of("errors", Map.of("max", 0.005, "cause", "error_rate"))));

        assertThat(report.cause()).contains(Cause.ERROR_RATE);
        assertThat(report.message()).isEqualTo("errors is 0.0099, above its max of 0.005");
    }

    @Test
    void aPoolThatLeaksIsToldWithTheTimeUntilItIsFull() throws Exception {
        var used = new double[] {60};
        String url = serve(_ -> text("pool_active " + used[0] + "\npool_max 100\n"));
        Map<String, Object> config = Map.of(
                "url",
                url,
                "values",
                Map.of("used", "pool_active", "size", "pool_max"),
                "exhausts",
                List.of(Map.of("value", "used", "limit", "size", "within", "1h", "what", "connections in use")));
        Report report = run(config);
        for (int minute = 1; minute <= 60 && used[0] < 84; minute++) {
            clock.advance(Duration.ofMinutes(1));
            used[0] = 60 + 0.4 * minute;
            report = run(config);
        }

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.RESOURCE_EXHAUSTING);
        assertThat(report.message())
                .isEqualTo("connections in use 84 of 100, growing 0.4/min: full in about 40 min");
        assertThat(report.facts().get("exhaustion_seconds.used")).isEqualTo(Fact.of(2400));

        used[0] = 12; // restarted
        clock.advance(Duration.ofMinutes(1));
        assertThat(run(config).outcome()).as("far from full").isEqualTo(Outcome.PASS);
        used[0] = 100;
        clock.advance(Duration.ofMinutes(1));
        Report full = run(config);
        assertThat(full.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(full.message()).isEqualTo("connections in use 100 of 100: full");
        assertThat(full.facts()).containsEntry("exhaustion_seconds.used", Fact.of(0));
    }

    @Test
    void aDiskThatFillsIsToldByWhatIsLeft() throws Exception {
        var free = new double[] {1_000};
        String url = serve(_ -> text("free " + free[0] + "\n"));
        Map<String, Object> config = Map.of(
                "url",
                url,
                "values",
                Map.of("free", "free"),
                "exhausts",
                List.of(Map.of(
                        "value", "free", "limit", 0, "direction", "falling", "within", "2h", "fail_within", "20m", "over", "8m")));
        Report report = run(config);
        for (int minute = 1; minute <= 10; minute++) {
            clock.advance(Duration.ofMinutes(1));
            free[0] = 1_000 - 10 * minute;
            report = run(config);
        }

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.message()).isEqualTo("free 900, limit 0, falling 10/min: used up in about 90 min");
        for (int minute = 1; minute <= 9; minute++) {
            clock.advance(Duration.ofMinutes(1));
            free[0] = 900 - 90 * minute;
            report = run(config);
        }
        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.message()).startsWith("free 90, limit 0, falling ").endsWith("used up in about 60 s");
    }

    @Test
    void aHeapBetweenCollectionsRaisesNothing() throws Exception {
        var run = new int[1];
        String url = serve(_ -> text("heap " + (500 + run[0] % 10 * 49) + "\n"));
        Map<String, Object> config = Map.of(
                "url",
                url,
                "values",
                Map.of("heap", "heap"),
                "exhausts",
                List.of(Map.of("value", "heap", "limit", 1000, "over", "10m")));
        for (run[0] = 0; run[0] < 120; run[0]++) {
            assertThat(run(config).outcome()).as("run %d", run[0]).isEqualTo(Outcome.PASS);
            clock.advance(Duration.ofSeconds(10));
        }
    }

    @Test
    void ratesBeginWithTheSecondRunAndMayBeDivided() throws Exception {
        var requests = new long[] {1000, 10};
        String url =
                serve(_ -> text("reqs_total{code=\"200\"} " + requests[0] + "\nreqs_total{code=\"500\"} " + requests[1] + "\n"));
        Map<String, Object> config = Map.of(
                "url",
                url,
                "values",
                Map.of("all", "reqs_total", "bad", "reqs_total{code=~\"5..\"}"),
                "rates",
                Map.of("all_s", "all", "bad_s", "bad"),
                "ratios",
                Map.of("errors", "bad_s / all_s"),
                "expect",
                Map.of("errors", Map.of("max", 0.05, "cause", "error_rate")));

        Report first = run(config);
        clock.advance(Duration.ofSeconds(30));
        requests[0] += 240;
        requests[1] += 60;
        Report second = run(config);
        clock.advance(Duration.ofSeconds(30));
        Report quiet = run(config);

        assertThat(first.outcome()).isEqualTo(Outcome.PASS);
        assertThat(first.facts()).doesNotContainKeys("value.all_s", "value.errors");
        assertThat(second.facts())
                .containsEntry("value.all_s", Fact.of(10))
                .containsEntry("value.bad_s", Fact.of(2))
                .containsEntry("value.errors", Fact.of(0.2));
        assertThat(second.cause()).contains(Cause.ERROR_RATE);
        assertThat(quiet.facts()).containsEntry("value.errors", Fact.of(0));
    }

    @Test
    void aP99IsReckonedFromWhatCameSinceTheLastRun() throws Exception {
        var counts = new long[] {100, 100, 100};
        String url = serve(_ -> text("""
                lat_bucket{h="a",le="0.1"} %d
                lat_bucket{h="a",le="1"} %d
                lat_bucket{h="a",le="+Inf"} %d
                """.formatted(counts[0], counts[1], counts[2])));
        Map<String, Object> config = Map.of(
                "url",
                url,
                "quantiles",
                Map.of("p99", Map.of("histogram", "lat{h=\"a\"}")),
                "expect",
                Map.of("p99", Map.of("max", 0.5, "cause", "latency_high")));

        assertThat(run(config).facts()).doesNotContainKey("value.p99");
        counts[0] += 100;
        counts[1] += 100;
        counts[2] += 100;
        Report fast = run(config);
        counts[0] += 50;
        counts[1] += 100;
        counts[2] += 100;
        Report slow = run(config);
        Report idle = run(config);

        assertThat(fast.facts()).containsEntry("value.p99", Fact.of(0.099));
        assertThat(fast.outcome()).isEqualTo(Outcome.PASS);
        assertThat(slow.cause()).contains(Cause.LATENCY_HIGH);
        assertThat(slow.message()).isEqualTo("p99 is 0.982, above its max of 0.5");
        assertThat(idle.facts()).doesNotContainKey("value.p99");
    }

    @Test
    void aMissingSeriesIsNamedUnlessAValueStandsInForIt() throws Exception {
        String url = page(PAGE);

        Report typo = run(Map.of("url", url, "values", Map.of("used", "pool_activ")));
        Report label = run(Map.of("url", url, "values", Map.of("used", "pool_active{pool=\"gone\"}")));
        Report absent = run(Map.of(
                "url", url, "values", Map.of("errors", Map.of("select", "errors_total", "absent", 0))));

        assertThat(typo.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(typo.message())
                .isEqualTo("no value for used: there is no metric pool_activ (did you mean \"pool_active\"?)");
        assertThat(label.message())
                .isEqualTo("no value for used: no series of pool_active with a number matches pool_active{pool=\"gone\"}");
        assertThat(absent.outcome()).isEqualTo(Outcome.PASS);
        assertThat(absent.facts()).containsEntry("value.errors", Fact.of(0));
    }

    @Test
    void aPageThatIsNoneIsToldByItsLine() throws Exception {
        Report html = run(Map.of("url", page("<html><body>Login</body></html>"), "values", Map.of("up", "up")));
        Report cut = run(Map.of("url", page(PAGE + "pool_active{pool=\"ma"), "values", Map.of("up", "up")));

        assertThat(html.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(html.message()).startsWith("the answer is no metrics page: line 1 is no metric: ");
        assertThat(cut.message()).contains("line 8 is no metric");
    }

    @Test
    void otherStatusesAndTooMuchAreTheRequestsOwnCauses() throws Exception {
        Map<String, Object> values = Map.of("up", "up");
        Report missing = run(Map.of("url", serve(_ -> new MockResponse.Builder().code(404).build()), "values", values));
        Report locked = run(Map.of("url", serve(_ -> new MockResponse.Builder().code(401).build()), "values", values));
        Report large = run(Map.of("url", page("up 1\n".repeat(1_000)), "values", values, "body_limit", "2kB"));

        assertThat(missing.cause()).contains(Cause.HTTP_STATUS);
        assertThat(locked.cause()).contains(Cause.CREDENTIAL_MISSING);
        assertThat(large.cause()).contains(Cause.BODY_TOO_LARGE);
    }

    @Test
    void actuatorIsAskedForEachValueByItsTags() throws Exception {
        var asked = new ArrayList<String>();
        String url = serve(request -> {
            asked.add(request.getTarget());
            String path = request.getUrl().encodedPath();
            return switch (path) {
                case "/actuator/metrics/hikaricp.connections.active" -> json("""
                        {"name":"hikaricp.connections.active","measurements":[{"statistic":"VALUE","value":9.0}],
                         "availableTags":[{"tag":"pool","values":["orders"]}]}""");
                case "/actuator/metrics/http.server.requests" -> json("""
                        {"name":"http.server.requests","baseUnit":"seconds","measurements":[
                         {"statistic":"COUNT","value":120.0},{"statistic":"TOTAL_TIME","value":6.5},{"statistic":"MAX","value":0.3}]}""");
                default -> new MockResponse.Builder().code(404).build();
            };
        });
        Map<String, Object> config = Map.of(
                "url",
                url.replace("/metrics", "/actuator/metrics/"),
                "format",
                "actuator",
                "values",
                new java.util.TreeMap<>(Map.of(
                        "a_used", "hikaricp.connections.active{pool=\"orders\",x=\"a b\"}",
                        "b_count", "http.server.requests{statistic=\"COUNT\"}",
                        "c_errors", Map.of("select", "http.server.errors", "absent", 0))));

        Report report = run(config);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts())
                .containsEntry("value.a_used", Fact.of(9))
                .containsEntry("value.b_count", Fact.of(120))
                .containsEntry("value.c_errors", Fact.of(0));
        assertThat(asked)
                .containsExactly(
                        "/actuator/metrics/hikaricp.connections.active?tag=pool%3Aorders&tag=x%3Aa%20b",
                        "/actuator/metrics/http.server.requests",
                        "/actuator/metrics/http.server.errors");
        Map<String, Object> unclear = new HashMap<>(config);
        unclear.put("values", Map.of("requests", "http.server.requests"));
        assertThat(run(unclear).message())
                .isEqualTo("http.server.requests has the statistics COUNT, TOTAL_TIME, MAX; choose one by statistic=\"…\"");
        unclear.put("values", Map.of("gone", "gone.metric"));
        assertThat(run(unclear).message()).isEqualTo("no value for gone: Actuator has no metric gone.metric");
    }

    @Test
    void actuatorAnswersThatAreNoneAreSaidSo() throws Exception {
        Map<String, Object> base = Map.of("format", "actuator", "values", Map.of("a", "a.b"));
        Map<String, Object> text = new HashMap<>(base);
        text.put("url", page("a_b 1\n"));
        Map<String, Object> empty = new HashMap<>(base);
        empty.put("url", serve(_ -> json("{\"measurements\":{\"x\":[1]}}")));

        assertThat(run(text).cause()).contains(Cause.JSON_INVALID);
        assertThat(run(empty).cause()).contains(Cause.CONTENT_MISMATCH);
    }

    @Test
    void theRequestAsksForFormatsThatAreUnderstood() throws Exception {
        var accept = new String[1];
        String url = serve(request -> {
            accept[0] = request.getHeaders().get("Accept");
            return text("up 1\n");
        });

        run(Map.of("url", url, "values", Map.of("up", "up")));

        assertThat(accept[0]).startsWith("text/plain;version=0.0.4").doesNotContain("protobuf");
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        Map<String, Object> values = Map.of("used", "pool_active", "size", "pool_max");
        assertProblem(Map.of(), "nothing is read");
        assertProblem(Map.of("values", Map.of("a", "sum(")), "not a selector");
        assertProblem(Map.of("values", Map.of("a", Map.of("select", "a", "absent", "x"))), "expected a number");
        assertProblem(Map.of("values", values, "rates", Map.of("r", "usde")), "did you mean \"used\"?");
        assertProblem(Map.of("values", values, "rates", Map.of("used", "size")), "is taken already");
        assertProblem(Map.of("values", values, "ratios", Map.of("r", "used")), "two names as part / whole");
        assertProblem(Map.of("values", values, "ratios", Map.of("r", "used / sise")), "did you mean \"size\"?");
        assertProblem(Map.of("values", values, "expect", Map.of("pool", Map.of("max", 1))), "\"pool\" is no value");
        assertProblem(Map.of("values", values, "expect", Map.of("used", Map.of())), "one of max, min");
        assertProblem(
                Map.of("values", values, "expect", Map.of("used", Map.of("max", 1, "degraded_above", 2))),
                "degraded_above never shows");
        assertProblem(
                Map.of("values", values, "exhausts", List.of(Map.of("value", "used", "limit", "siez"))),
                "did you mean \"size\"?");
        assertProblem(
                Map.of(
                        "values",
                        values,
                        "exhausts",
                        List.of(Map.of("value", "used", "limit", 1, "within", "1h", "fail_within", "2h"))),
                "fail_within has to be shorter");
        assertProblem(
                Map.of("format", "actuator", "values", Map.of("a", "max(a.b)")), "Actuator sums the series itself");
        assertProblem(
                Map.of("format", "actuator", "values", Map.of("a", "a.b{c=~\"d\"}")), "!=, =~ and !~ are Prometheus's");
        assertProblem(
                Map.of("quantiles", Map.of("p99", Map.of("histogram", "max(lat)"))), "write it without");
    }

    private void assertProblem(Map<String, Object> config, String part) {
        var whole = new HashMap<>(config);
        whole.put("url", "http://shop.example/metrics");
        assertThat(Sections.problems(type(), whole)).singleElement().asString().contains(part);
    }

    private Report run(Map<String, Object> config) throws Exception {
        try (Probe probe = Sections.probe(type(), config)) {
            return probe.run(Runs.run(AMPLE, clock, memory));
        }
    }

    private String page(String text) throws IOException {
        return serve(_ -> text(text));
    }

    private static MockResponse text(String text) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .body(text)
                .build();
    }

    private static MockResponse json(String text) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/vnd.spring-boot.actuator.v3+json")
                .body(text)
                .build();
    }

    private String serve(Function<RecordedRequest, MockResponse> answer) throws IOException {
        var server = new MockWebServer();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer.apply(request);
            }
        });
        servers.add(server);
        server.start();
        return "http://127.0.0.1:" + server.getPort() + "/metrics";
    }
}
