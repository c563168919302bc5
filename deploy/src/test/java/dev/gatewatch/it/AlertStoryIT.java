package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.it.RoughSink.Arrival;
import dev.gatewatch.it.RoughSink.Manner;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a person on call lives through with the started daemon: one trouble a test, from the target to the receiver. */
class AlertStoryIT {
    private static final int CHILDREN = 40;

    @TempDir
    Path folder;

    private FlakyTarget target;
    private RoughSink sink;

    @BeforeEach
    void start() throws Exception {
        target = new FlakyTarget();
        sink = new RoughSink(Manner.NONE, 1);
    }

    @AfterEach
    void stop() {
        sink.close();
        target.close();
    }

    @Test
    void aParentThatFailsWithFortyChildrenIsOneNoticeAndAChildThatStaysDownIsToldAfterIt() throws Exception {
        var probes = new StringBuilder(probe("gateway", "/gateway", ""));
        IntStream.range(0, CHILDREN).forEach(i -> probes.append(probe("child-" + i, "/child-" + i, ", depends_on: gateway")));
        try (var gatewatch = run(probes + "rules:\n  - {name: down, when: {failures: 2}, severity: critical}\n")) {
            Patience.await("all run").untilAsserted(() -> assertThat(outcomes(gatewatch)).hasSize(CHILDREN + 1).containsValue("pass"));
            all(500);
            Patience.await("the children are held back").untilAsserted(() -> assertThat(gatewatch.api("/alerts").valueStream()
                            .filter(a -> a.toString().contains("dependency")))
                    .hasSize(CHILDREN));
            Patience.await("the parent is told").until(() -> !sink.arrivals().isEmpty());
            assertThat(sink.arrivals()).hasSize(1);
            assertThat(sink.arrivals().getFirst().label("probe")).isEqualTo("gateway");
            assertThat(sink.arrivals().getFirst().alert().toString()).contains(CHILDREN + " probes depend on it").contains("child-");

            all(200);
            target.answer("/child-7", 500);
            Patience.await("the parent's end and the child that stays down").untilAsserted(() -> assertThat(sink.arrivals().stream()
                            .skip(1)
                            .map(a -> a.status() + " " + a.label("probe")))
                    .containsExactlyInAnyOrder("resolved gateway", "firing child-7"));
        }
    }

    @Test
    void whenOurOwnNetworkIsDownOneAlertSpeaksOfUsAndNoneOfATarget() throws Exception {
        try (ServerSocket witness = silent();
                var _ = new Socket(witness.getInetAddress(), witness.getLocalPort());
                var _ = new Socket(witness.getInetAddress(), witness.getLocalPort())) {
            String probes = IntStream.range(0, 5)
                    .mapToObj(i -> probe("p" + i, "/p" + i, ""))
                    .collect(Collectors.joining());
            try (var gatewatch = run("witness: {targets: [\"127.0.0.1:%d\"], timeout: 200ms}\n".formatted(witness.getLocalPort())
                    + probes + "rules:\n  - {name: down, when: {failures: 2}, severity: critical}\n")) {
                Patience.await("all run").untilAsserted(() -> assertThat(outcomes(gatewatch)).hasSize(5).containsValue("pass"));
                IntStream.range(0, 5).forEach(i -> target.answer("/p" + i, 500));

                Patience.await("told of ourselves").until(() -> !sink.arrivals().isEmpty());
                Patience.await("all are broken").untilAsserted(() -> assertThat(outcomes(gatewatch).values()).containsOnly("broken"));
                assertThat(sink.arrivals()).hasSize(1);
                assertThat(sink.arrivals().getFirst().alert().toString()).contains("local_network").doesNotContain("\"p0\"");
                assertThat(gatewatch.api("/alerts")).hasSize(1);
            }
        }
    }

    @Test
    void oneRegionIsAWarningAndTwoOfThreeWakeSomebodyWithBothNames() throws Exception {
        String probes = "  - {name: shop, type: http, interval: 1s, regions: {eu: \"%s\", us: \"%s\", ap: \"%s\"}}\n"
                .formatted(target.url("/eu"), target.url("/us"), target.url("/ap"));
        try (var gatewatch = run("probes:\n" + probes + "rules:\n  - {name: down, when: {failures: 2}, regions: 2, severity: critical}\n")) {
            Patience.await("all run").untilAsserted(() -> assertThat(outcomes(gatewatch)).hasSize(3).containsValue("pass"));
            target.answer("/eu", 500);
            Patience.await("a warning").until(() -> !sink.arrivals().isEmpty());
            assertThat(sink.arrivals()).extracting(Arrival::toString).containsExactly("firing shop eu warning");

            target.answer("/ap", 500);
            Patience.await("a page").untilAsserted(() -> assertThat(sink.arrivals())
                    .anySatisfy(a -> {
                        assertThat(a.label("severity")).isEqualTo("critical");
                        assertThat(a.alert().toString()).contains("eu").contains("ap");
                    }));
        }
    }

    @Test
    void whatHealsWhileTheDaemonIsDeadIsToldToHaveEndedAndWhatDoesNotIsNotToldAgain() throws Exception {
        String configuration = probe("heals", "/heals", "") + probe("stays", "/stays", "")
                + "rules:\n  - {name: down, when: {failures: 2}, severity: critical}\n";
        target.answer("/heals", 500);
        target.answer("/stays", 500);
        Map<String, String> began = new HashMap<>();
        try (var gatewatch = run(configuration)) {
            Patience.await("both told").until(() -> sink.arrivals().size() == 2);
            sink.arrivals().forEach(a -> began.put(a.label("probe"), a.alertId() + a.alert().get("startsAt")));
            gatewatch.kill();
        }
        target.answer("/heals", 200);
        try (var gatewatch = run(configuration)) {
            Patience.await("the end").until(() -> sink.arrivals().stream().anyMatch(a -> a.status().equals("resolved")));
            Patience.await("the other goes on").untilAsserted(() -> {
                JsonNode stays = gatewatch.api("/alerts").valueStream()
                        .filter(a -> a.get("state").asString().equals("firing"))
                        .findFirst()
                        .orElseThrow();
                assertThat(stays.get("id").asString() + stays.get("startsAt")).isEqualTo(began.get("stays"));
                assertThat(outcomes(gatewatch)).containsEntry("stays/", "fail");
            });
            assertThat(sink.arrivals()).extracting(Arrival::toString).hasSize(3).contains("resolved heals  critical");
            Arrival end = sink.arrivals().getLast();
            assertThat(end.alertId() + end.alert().get("startsAt")).isEqualTo(began.get("heals"));
        }
    }

    @Test
    void threeOfFiveFireOnceAndAFailureShorterThanForIsNotTold() throws Exception {
        String configuration = probe("counted", "/counted", "") + probe("patient", "/patient", "") + """
                rules:
                  - {name: often, probes: {name: counted}, when: {failures: 3, of: 5}, severity: critical}
                  - {name: lasting, probes: {name: patient}, when: {failures: 1}, for: 8s, severity: critical}
                """;
        try (var gatewatch = run(configuration)) {
            Patience.await("both run").untilAsserted(() -> assertThat(outcomes(gatewatch)).hasSize(2).containsValue("pass"));
            target.answer("/patient", 500);
            Patience.await("seen").untilAsserted(() -> assertThat(gatewatch.api("/alerts").toString()).contains("pending"));
            target.answer("/patient", 200);
            target.answer("/counted", 500);
            Patience.await("the third failure").until(() -> !sink.arrivals().isEmpty());
            Patience.await("the short one came to nothing").untilAsserted(() -> assertThat(gatewatch.api("/alerts")).hasSize(1));

            assertThat(sink.arrivals()).hasSize(1);
            assertThat(sink.arrivals().getFirst().label("alertname")).isEqualTo("often");
        }
    }

    @Test
    void ofAReloadWithOneChangedProbeTheOthersNoticeNothing() throws Exception {
        String rules = "rules:\n  - {name: down, when: {failures: 2}, severity: critical}\n";
        target.answer("/p0", 500);
        String probes = IntStream.range(0, 20).mapToObj(i -> probe("p" + i, "/p" + i, "")).collect(Collectors.joining());
        try (var gatewatch = run(probes + rules)) {
            Patience.await("told").until(() -> sink.arrivals().size() == 1);
            Map<String, Double> before = runs(gatewatch);
            Path file = folder.resolve("gatewatch.yml");
            Files.writeString(file, Files.readString(file).replace(target.url("/p19"), target.url("/other")));
            GatewatchProcess.body(HttpRequest.newBuilder(gatewatch.base().resolve("/-/reload"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build());
            Map<String, Double> after = runs(gatewatch);

            assertThat(after.keySet()).containsAll(before.keySet());
            before.forEach((series, count) -> {
                if (!series.contains("p19")) {
                    assertThat(after.get(series)).as(series).isGreaterThanOrEqualTo(count);
                }
            });
            Patience.await("the changed one runs").untilAsserted(
                    () -> assertThat(gatewatch.api("/probes").toString()).contains(target.url("/other")));
            assertThat(sink.arrivals()).hasSize(1);
            assertThat(gatewatch.api("/alerts").get(0).get("state").asString()).isEqualTo("firing");
        }
    }

    /** Takes two connections, and says nothing to the next: what Linux makes of a backlog of one. */
    private static ServerSocket silent() throws Exception {
        var socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        return socket;
    }

    private void all(int status) {
        target.answer("/gateway", status);
        IntStream.range(0, CHILDREN).forEach(i -> target.answer("/child-" + i, status));
    }

    private String probe(String name, String path, String more) {
        return "  - {name: %s, type: http, url: \"%s\", interval: 1s, timeout: 900ms%s}\n".formatted(name, target.url(path), more);
    }

    private GatewatchProcess run(String parts) throws Exception {
        String configuration = """
                server: {listen: "@listen@"}
                store: {url: "sqlite:%s"}
                channels:
                  - {name: hook, type: webhook, url: "%s"}
                routes:
                  - {channels: [hook]}
                """
                .formatted(folder.resolve("gatewatch.db"), sink.url());
        int probes = parts.indexOf("  - {name");
        boolean written = parts.contains("probes:\n");
        return GatewatchProcess.run(
                        folder, configuration + parts.substring(0, probes) + (written ? "" : "probes:\n") + parts.substring(probes))
                .awaitReady();
    }

    /** The latest outcome by probe and region. */
    private static Map<String, String> outcomes(GatewatchProcess gatewatch) throws Exception {
        var outcomes = new HashMap<String, String>();
        for (JsonNode probe : gatewatch.api("/probes")) {
            for (JsonNode region : probe.get("regions")) {
                JsonNode last = region.get("last");
                if (last != null && !last.isNull()) {
                    outcomes.put(
                            probe.get("name").asString() + "/" + region.path("region").asString(""),
                            last.get("outcome").asString());
                }
            }
        }
        return outcomes;
    }

    /** Counts of runs by series and outcome. */
    private static Map<String, Double> runs(GatewatchProcess gatewatch) throws Exception {
        List<String> lines = new ArrayList<>(gatewatch.get("/metrics").lines().filter(l -> l.startsWith("gatewatch_runs_total{")).toList());
        return lines.stream()
                .collect(Collectors.toMap(l -> l.substring(0, l.lastIndexOf(' ')), l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1))));
    }
}
