package dev.gatewatch.probes.instances;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Blackhole;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InstancesProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(10);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, String> paths = new LinkedHashMap<>(Map.of("/health", "{\"status\":\"UP\"}"));

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Override
    protected ProbeType type() {
        return new InstancesProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of("expected", List.of(at(server("127.0.0.1")), at(server("127.0.0.2"))), "check", check());
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        MockWebServer good = server("127.0.0.1");
        return Map.of("target", at(good), "expected", List.of(at(good), "127.0.0.9:" + closedPort()));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of("target", "127.0.0.1:" + closedPort());
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        var hole = new Blackhole();
        open.add(hole);
        return Optional.of(Map.of("target", "127.0.0.1:" + hole.port()));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        MockWebServer registry = server("127.0.0.1");
        paths.put("/list", "no list, but " + secret.reveal());
        return Optional.of(Map.of(
                "registry",
                Map.of("kind", "json", "url", registry.url("/list").toString(), "auth", Map.of("bearer", secret))));
    }

    @Test
    void everyInstanceIsAskedUnderTheServicesName() throws Exception {
        MockWebServer one = server("127.0.0.1");
        MockWebServer two = server("127.0.0.2");

        Report report = run(Map.of("expected", List.of(at(one), at(two)), "check", check()), AMPLE);

        assertThat(report.outcome()).isEqualTo(Outcome.PASS);
        assertThat(one.takeRequest().getHeaders().get("Host")).isEqualTo("pay.example:8080");
        assertThat(two.takeRequest().getHeaders().get("Host")).isEqualTo("pay.example:8080");
        assertThat(report.facts())
                .containsEntry("healthy", Fact.of(2))
                .containsEntry("up." + at(one), Fact.of(true))
                .containsKey("seconds." + at(two));
    }

    @Test
    void anUnhealthyInstanceIsNamedThoughTheOthersAnswer() throws Exception {
        MockWebServer good = server("127.0.0.1");
        String dead = "127.0.0.2:" + closedPort();
        Map<String, Object> config = Map.of("expected", List.of(at(good), dead), "check", check());

        Report report = run(config, AMPLE);

        assertThat(report.cause()).contains(Cause.INSTANCE_UNHEALTHY);
        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.message()).startsWith("1 of 2 instances is unhealthy: " + dead + " (connect_refused");

        var lenient = new LinkedHashMap<>(config);
        lenient.put("min_healthy", 1);
        assertThat(run(lenient, AMPLE).outcome()).isEqualTo(Outcome.DEGRADED);
    }

    @Test
    void aStaleBalancerIsToldByTheRegistry() throws Exception {
        MockWebServer behind = server("127.0.0.1");
        MockWebServer registered = server("127.0.0.2", behind.getPort());
        paths.put("/v1/health/service/pay", consul(at(registered)));

        Report report = run(
                Map.of(
                        "target", at(behind),
                        "registry", Map.of("kind", "consul", "url", behind.url("/").toString(), "service", "pay")),
                AMPLE);

        assertThat(report.cause()).contains(Cause.INSTANCE_MISSING);
        assertThat(report.message()).isEqualTo(at(registered) + " is in the registry and not behind the name");
        assertThat(report.evidence())
                .anySatisfy(e -> assertThat(e.text())
                        .isEqualTo("instance_unexpected: " + at(behind) + " is behind the name and not in the registry"));
    }

    @Test
    void anInstanceThatNobodyExpectsIsToldWhenNoneIsMissing() throws Exception {
        MockWebServer one = server("127.0.0.1");
        MockWebServer two = server("127.0.0.2");
        paths.put("/v1/health/service/pay", consul(at(one), at(two)));

        Report report = run(
                Map.of(
                        "expected", List.of(at(one)),
                        "registry", Map.of("kind", "consul", "url", one.url("/").toString(), "service", "pay")),
                AMPLE);

        assertThat(report.cause()).contains(Cause.INSTANCE_UNEXPECTED);
        assertThat(report.message()).isEqualTo(at(two) + " is in the registry and not expected");
    }

    @Test
    void tooFewInstancesAreMissingOnes() throws Exception {
        Report report = run(Map.of("target", at(server("127.0.0.1")), "at_least", 2), AMPLE);
        assertThat(report.cause()).contains(Cause.INSTANCE_MISSING);
        assertThat(report.message()).isEqualTo("found 1 instance, expected at least 2");
    }

    @Test
    void aRegistryThatCannotBeReadIsTheCause() throws Exception {
        MockWebServer server = server("127.0.0.1");
        paths.put("/eureka/apps/PAY", "<html>");
        Map<String, Object> registry =
                Map.of("kind", "eureka", "url", server.url("/eureka").toString(), "service", "PAY");
        assertThat(run(Map.of("registry", registry), AMPLE).cause()).contains(Cause.JSON_INVALID);
        paths.put("/eureka/apps/PAY", "{}");
        assertThat(run(Map.of("registry", registry), AMPLE).cause()).contains(Cause.CONTENT_MISMATCH);
        paths.remove("/eureka/apps/PAY");
        assertThat(run(Map.of("registry", registry), AMPLE).message()).contains("the registry knows no such service");
    }

    @Test
    void mistakesAreToldInWords() {
        assertThat(Sections.problems(type(), Map.of()))
                .containsExactly("nothing says where the instances are: add target, registry or expected");
        assertThat(Sections.problems(
                        type(), Map.of("registry", Map.of("kind", "consul", "url", "http://127.0.0.1:8500"))))
                .containsExactly(
                        "registry.kind: service is missing: the name under which the registry lists the instances");
    }

    private static Map<String, Object> check() {
        return Map.of("url", "http://pay.example:8080/health", "expect", Map.of("json", Map.of("$.status", "UP")));
    }

    private static String consul(String... instances) {
        var entries = new ArrayList<String>();
        for (String instance : instances) {
            entries.add("""
                    {"Node": {"Address": "10.0.0.1"}, "Service": {"Address": "%s", "Port": %s},
                     "Checks": [{"Status": "passing"}]}"""
                    .formatted(instance.split(":")[0], instance.split(":")[1]));
        }
        return "[" + String.join(",", entries) + "]";
    }

    private MockWebServer server(String address) throws Exception {
        return server(address, 0);
    }

    private MockWebServer server(String address, int port) throws Exception {
        var server = new MockWebServer();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String body = paths.get(request.getUrl().encodedPath());
                return body == null
                        ? new MockResponse.Builder().code(404).build()
                        : new MockResponse.Builder().body(body).build();
            }
        });
        server.start(InetAddress.getByName(address), port);
        open.add(server);
        return server;
    }

    private static String at(MockWebServer server) {
        return server.getSocketAddress().getAddress().getHostAddress() + ":" + server.getPort();
    }

    private static int closedPort() throws Exception {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, false, CREDENTIAL_MISSING",
        "401, true, CREDENTIAL_REJECTED",
        "403, false, CREDENTIAL_MISSING",
        "403, true, CREDENTIAL_REJECTED",
        "429, true, RATE_LIMITED",
        "503, false, SERVER_OVERLOADED",
        "500, false, HTTP_STATUS",
    })
    void aRegistryThatGivesNoListHasItsCause(int status, boolean credential, Cause cause) throws Exception {
        try (var registry = new MockWebServer()) {
            registry.start();
            registry.enqueue(new MockResponse.Builder().code(status).body("Permission denied").build());
            var config = new LinkedHashMap<String, Object>(Map.of(
                    "kind", "consul", "url", registry.url("/").toString(), "service", "pay"));
            if (credential) {
                config.put("headers", Map.of("X-Consul-Token", "b0b5-token"));
            }

            Report report = run(Map.of("registry", config), AMPLE);

            assertThat(report.cause()).as(report.toString()).contains(cause);
            assertThat(report.message()).startsWith("the registry does not give its list: status " + status);
        }
    }

    @Test
    void aSecretInTheAddressOfARegistryOrACheckIsNotShown() throws Exception {
        String secret = "s3cr3t-path-of-ours";
        MockWebServer server = server("127.0.0.1");
        var hidden = new Secret(server.url("/" + secret).toString());

        Report registry = run(Map.of("registry", Map.of("kind", "json", "url", hidden)), AMPLE);
        Report check = run(
                Map.of("expected", List.of(at(server)), "check", Map.of("url", new Secret("http://pay.example/" + secret + "?x=1"))),
                AMPLE);

        assertThat(registry.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(registry.toString()).doesNotContain(secret);
        assertThat(check.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(check.toString()).doesNotContain(secret);
        assertThat(Sections.probe(type(), Map.of("registry", Map.of("kind", "json", "url", hidden))).target())
                .doesNotContain(secret);
    }

    @Test
    void anInstanceThatWeMayNotAskIsNoUnhealthyOne() throws Exception {
        MockWebServer good = server("127.0.0.1");

        Report alone = run(Map.of("expected", List.of(at(good), "169.254.169.254:80")), AMPLE);
        Report beside = run(
                Map.of("expected", List.of(at(good), "169.254.169.254:80", "127.0.0.9:" + closedPort())), AMPLE);

        assertThat(alone.outcome()).as(alone.toString()).isEqualTo(Outcome.BROKEN);
        assertThat(alone.cause()).contains(Cause.TARGET_FORBIDDEN);
        assertThat(alone.facts())
                .containsEntry("healthy", Fact.of(1))
                .doesNotContainKey("up.169.254.169.254:80");
        assertThat(beside.cause()).contains(Cause.INSTANCE_UNHEALTHY);
        assertThat(beside.message()).startsWith("1 of 3 instances is unhealthy: 127.0.0.9:");
    }
}
