package dev.gatewatch.probes.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Failure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;

/** What leaks are found, and where, in services that mix up their tenants in the ways that real ones do. */
final class TenantsProbeTest {
    @Test
    void aServiceThatKeepsItsTenantsApartPasses() throws Exception {
        try (Shop shop = Shop.believing((tenant, _) -> tenant)) {
            Report report = run(shop.config(Map.of()));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(fact(report, "requests")).isEqualTo(20L);
            assertThat(fact(report, "leaks")).isEqualTo(0L);
            assertThat(report.facts()).containsKeys("latency_mean", "latency_max");
            assertThat(report.phases()).containsOnlyKeys("fresh", "kept");
            assertThat(shop.requests).hasValue(20);
        }
    }

    /** Two requests at once write the same field; both then read what the later one wrote. */
    @Test
    void aSharedFieldThatHoldsTheCurrentTenantLeaks() throws Exception {
        var current = new AtomicReference<String>();
        var bothWrote = new CyclicBarrier(2);
        try (Shop shop = Shop.believing((tenant, _) -> {
            current.set(tenant);
            bothWrote.await(5, TimeUnit.SECONDS);
            return current.get();
        })) {
            Report report = run(shop.config(Map.of("concurrency", 2, "rounds", 3, "connections", "fresh")));

            assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(report.cause()).contains(Cause.TENANT_LEAK);
            assertThat((Long) fact(report, "leaks")).as("one of each pair").isEqualTo(3L);
            assertThat(report.message()).matches("an answer to (acme held the marker of bravo|bravo held the marker of acme) in the"
                    + " body at character \\d+; 3 leaks in 6 answers");
        }
    }

    @Test
    void aCacheWhoseKeyLacksTheTenantLeaks() throws Exception {
        var cache = new ConcurrentHashMap<String, String>();
        try (Shop shop = Shop.believing(
                (tenant, exchange) -> cache.computeIfAbsent(exchange.getRequestURI().getPath(), _ -> tenant))) {
            Report report = run(shop.config(Map.of(
                    "concurrency", 1, "rounds", 2, "requests", List.of(Map.of("path", "/orders"), Map.of("path", "/me")))));

            assertThat(report.cause()).contains(Cause.TENANT_LEAK);
            assertThat(report.message()).startsWith("an answer to bravo held the marker of acme");
            assertThat(fact(report, "requests")).isEqualTo(16L);
            assertThat((Long) fact(report, "leaks")).isEqualTo(8L);
            String evidence = evidence(report);
            assertThat(evidence)
                    .contains("asked as: bravo, round 1, request 1, fresh connection")
                    .contains("request: GET " + shop.url() + "/orders")
                    .contains("X-Request-Id: req-2")
                    .contains("held: the marker of acme in the body at character ")
                    .contains("excerpt: {\"tenant\":\"acme\",\"greeting\":\"welcome, account-acme\"}")
                    .contains("under way at that time: nothing else");
        }
    }

    @Test
    void aThreadLocalThatIsNotClearedLeaks() throws Exception {
        var local = new ThreadLocal<String>();
        try (Shop shop = Shop.withOneThread((tenant, _) -> {
            if (local.get() == null) {
                local.set(tenant); // "already signed in"
            }
            return local.get();
        })) {
            Report report = run(shop.config(Map.of("rounds", 2)));

            assertThat(report.cause()).contains(Cause.TENANT_LEAK);
            assertThat((Long) fact(report, "leaks_fresh")).isEqualTo(2L);
        }
    }

    /** As with NTLM behind a proxy that shares its connections: who came first over a connection stays signed in. */
    @Test
    void anIdentityThatSticksToTheConnectionLeaksOnlyOverKeptOnes() throws Exception {
        var byConnection = new ConcurrentHashMap<Object, String>();
        try (Shop shop = Shop.believing(
                (tenant, exchange) -> byConnection.computeIfAbsent(exchange.getRemoteAddress(), _ -> tenant))) {
            Report report = run(shop.config(Map.of("concurrency", 1)));

            assertThat(report.cause()).contains(Cause.TENANT_LEAK);
            assertThat(fact(report, "leaks_fresh")).isEqualTo(0L);
            assertThat(fact(report, "leaks_kept")).isEqualTo(5L);
            assertThat(evidence(report)).contains("kept connection");
        }
    }

    @Test
    void aRaceIsFoundByChance() throws Exception {
        var current = new AtomicReference<String>();
        try (Shop shop = Shop.believing((tenant, _) -> {
            current.set(tenant);
            Thread.sleep(1);
            return current.get();
        })) {
            Report report = run(shop.config(Map.of("rounds", 50, "concurrency", 8)));

            assertThat(report.cause()).contains(Cause.TENANT_LEAK);
        }
    }

    @Test
    void oneLeakInThousandsOfAnswersIsKept() throws Exception {
        var count = new AtomicInteger();
        try (Shop shop = Shop.believing(
                (tenant, _) -> count.incrementAndGet() != 1777 ? tenant : tenant.equals("acme") ? "bravo" : "acme")) {
            Report report = run(shop.config(Map.of("rounds", 1000, "connections", "kept", "concurrency", 1)));

            assertThat(report.cause()).contains(Cause.TENANT_LEAK);
            assertThat(report.message()).endsWith("; 1 leak in 2000 answers");
            assertThat(evidence(report)).contains("round 889").contains("X-Request-Id: req-1777");
        }
    }

    @Test
    void aLeakInAHeaderIsFound() throws Exception {
        try (Shop shop = Shop.replying((tenant, exchange) -> {
            exchange.getResponseHeaders().set("X-Served-For", "user of account-bravo");
            Shop.say(exchange, 200, "account-" + tenant);
        })) {
            Report report = run(shop.config(Map.of()));

            assertThat(report.cause()).contains(Cause.TENANT_LEAK);
            assertThat(report.message()).startsWith("an answer to acme held the marker of bravo in header X-served-for; 10 leaks");
            assertThat(evidence(report)).contains("excerpt: X-served-for: user of account-bravo");
        }
    }

    @Test
    void aLeakInAnErrorPageIsFound() throws Exception {
        try (Shop shop = Shop.replying((_, exchange) -> Shop.say(exchange, 500, "session of account-acme is broken"))) {
            Report report = run(shop.config(Map.of()));

            assertThat(report.cause()).contains(Cause.TENANT_LEAK);
            assertThat(evidence(report)).containsPattern("http_status: (acme|bravo), round \\d, request 1, fresh connection: status 500");
        }
    }

    @Test
    void markersMayStandAtAPlace() throws Exception {
        Map<String, Object> identities = Map.of(
                "acme",
                Map.of("auth", Map.of("bearer", "token-of-acme"), "marker", Map.of("json", "$.tenant", "value", "acme")),
                "bravo",
                Map.of("auth", Map.of("bearer", "token-of-bravo"), "marker", Map.of("json", "$.tenant", "value", "bravo")));
        try (Shop good = Shop.believing((tenant, _) -> tenant);
                Shop bad = Shop.believing((_, _) -> "acme")) {
            Report passes = run(good.config(Map.of("identities", identities)));
            Report leaks = run(bad.config(Map.of("identities", identities)));

            assertThat(passes.outcome()).as(passes.toString()).isEqualTo(Outcome.PASS);
            assertThat(leaks.cause()).contains(Cause.TENANT_LEAK);
            assertThat(leaks.message()).contains("an answer to bravo held the marker of acme in the body at $['tenant']");
        }
    }

    @Test
    void headersMayBeMarkers() throws Exception {
        Map<String, Object> identities = Map.of(
                "acme",
                Map.of("auth", Map.of("bearer", "token-of-acme"), "marker", Map.of("header", "X-Tenant", "value", "1")),
                "bravo",
                Map.of("auth", Map.of("bearer", "token-of-bravo"), "marker", Map.of("header", "X-Tenant", "value", "12")));
        try (Shop shop = Shop.replying((tenant, exchange) -> {
            exchange.getResponseHeaders().set("X-Tenant", tenant.equals("acme") ? "1" : "12");
            Shop.say(exchange, 200, "12121212");
        })) {
            assertThat(run(shop.config(Map.of("identities", identities))).outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void anAnswerWithoutAnyMarkerIsAMismatch() throws Exception {
        try (Shop shop = Shop.replying((_, exchange) -> Shop.say(exchange, 200, "hello"))) {
            Report report = run(shop.config(Map.of("concurrency", 1)));

            assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
            assertThat(report.message())
                    .isEqualTo("acme, round 1, request 1, fresh connection: the answer (200 OK) lacks its own marker (and 19 more)");
            assertThat(fact(report, "unmarked")).isEqualTo(20L);
        }
    }

    @Test
    void aRejectedCredentialIsNoLeak() throws Exception {
        try (Shop shop = Shop.replying((_, exchange) -> Shop.say(exchange, 401, "who?"))) {
            assertThat(run(shop.config(Map.of())).cause()).contains(Cause.CREDENTIAL_REJECTED);
        }
    }

    @Test
    void aTargetThatAsksForLessIsLeftAlone() throws Exception {
        try (Shop shop = Shop.replying((_, exchange) -> Shop.say(exchange, 429, "slow"))) {
            Report report = run(shop.config(Map.of("concurrency", 1, "rounds", 100)));

            assertThat(report.cause()).contains(Cause.RATE_LIMITED);
            assertThat(shop.requests).hasValue(1);
        }
    }

    @Test
    void cookiesOfOneTenantAreNotSentForAnother() throws Exception {
        try (Shop shop = Shop.replying((tenant, exchange) -> {
            String cookie = exchange.getRequestHeaders().getFirst("Cookie");
            exchange.getResponseHeaders().set("Set-Cookie", "session=" + tenant + "; Path=/");
            Shop.say(exchange, 200, "account-" + (cookie == null ? tenant : cookie.replace("session=", "")));
        })) {
            assertThat(run(shop.config(Map.of("concurrency", 1))).outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void connectionsAreReallyKept() throws Exception {
        var connections = ConcurrentHashMap.newKeySet();
        try (Shop shop = Shop.believing((tenant, exchange) -> {
            connections.add(exchange.getRemoteAddress());
            return tenant;
        })) {
            run(shop.config(Map.of("connections", "kept", "concurrency", 2, "rounds", 20)));

            assertThat(connections).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void aKeptConnectionThatTheServerEndsIsNoFailure() throws Exception {
        var count = new AtomicInteger();
        try (MockWebServer server = server(request -> count.incrementAndGet() % 3 == 0
                ? new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build()
                : new MockResponse.Builder().body("account-" + tenant(request)).build())) {
            Report report = run(Shop.config(url(server), Map.of("connections", "kept", "concurrency", 1)));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(fact(report, "requests")).isEqualTo(10L);
        }
    }

    @Test
    void whatIsNotReachedInTimeIsSaid() throws Exception {
        try (Shop shop = Shop.believing((tenant, _) -> {
            Thread.sleep(20);
            return tenant;
        })) {
            Report report = run(shop.config(Map.of("rounds", 1000, "concurrency", 1, "connections", "kept")), Duration.ofMillis(400));

            assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        }
    }

    @Test
    void neighboursAreOfDifferentTenantsAndWhoIsFirstChanges() {
        List<String> order = Shot.interleaved(Shot.Connections.FRESH, 2, List.of("a", "b", "c"), 1).stream()
                .map(s -> s.tenant() + s.round())
                .toList();

        assertThat(order).containsExactly("a1", "b1", "c1", "b2", "c2", "a2");
    }

    @Test
    void mistakesAreTold() {
        assertThat(problems(Map.of("acme", Map.of("marker", "account-1"))))
                .containsExactly("identities: one tenant alone can see nobody else's; at least two are needed");
        assertThat(problems(Map.of("acme", Map.of("marker", "account-1"), "bravo", Map.of("marker", "account-12"))))
                .containsExactly("identities: the marker of acme is the one of bravo, or a part of it; every answer to bravo would look"
                        + " like a leak");
        assertThat(problems(Map.of("acme", Map.of("marker", "a"), "bravo", Map.of("marker", Map.of("value", "x")))))
                .containsExactlyInAnyOrder(
                        "identities.acme.marker: a marker of fewer than 4 characters would be found by chance (write a longer one, or"
                                + " where it stands: {json: \"$.tenant\", value: …})",
                        "identities.bravo.marker: one of json and header is needed: where the value stands");
        assertThat(Sections.problems(
                        new TenantsProbeType(), Shop.config("http://shop.example", Map.of("rounds", 1000, "requests", requests(6)))))
                .containsExactly("rounds: 24000 requests a run are more than 10000; a probe is no load test");
    }

    private static List<Map<String, String>> requests(int many) {
        return java.util.stream.IntStream.range(0, many).mapToObj(i -> Map.of("path", "/" + i)).toList();
    }

    private static List<String> problems(Map<String, ?> identities) {
        return Sections.problems(new TenantsProbeType(), Shop.config("http://shop.example", Map.of("identities", identities)));
    }

    private static MockWebServer server(java.util.function.Function<RecordedRequest, MockResponse> answer) throws Exception {
        var server = new MockWebServer();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer.apply(request);
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
        return server;
    }

    private static String url(MockWebServer server) {
        return server.url("/").toString();
    }

    private static String tenant(RecordedRequest request) {
        return String.valueOf(request.getHeaders().get("Authorization")).replace("Bearer token-of-", "");
    }

    private static Report run(Map<String, ?> config) throws Exception {
        return run(config, Duration.ofSeconds(20));
    }

    private static Report run(Map<String, ?> config, Duration timeout) throws Exception {
        try (Probe probe = Sections.probe(new TenantsProbeType(), config)) {
            return Runs.once(probe, timeout);
        }
    }

    private static Object fact(Report report, String name) {
        var fact = report.facts().get(name);
        return fact == null ? "absent" : fact.value();
    }

    private static String evidence(Report report) {
        return report.evidence().stream().map(Evidence::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void whatTheTargetDidWrongIsNotHiddenByWhatOurOwnSideMayNotDo() {
        var findings = new Findings();
        findings.answered(Duration.ofMillis(1));
        findings.unmarked(new Failure(Cause.CONTENT_MISMATCH, "the answer lacks its own marker"));
        findings.failed(new Failure(Cause.TARGET_FORBIDDEN, "may not be probed"));
        var report = Report.builder();

        findings.tell(report, 2, "5s");

        assertThat(report.build().cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.build().evidence()).contains(new Evidence("also", "target_forbidden: may not be probed"));
    }
}
