package dev.gatewatch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class WebServerTest {
    private static final Sources SOURCES = SampleWorld.incident(new FakeClock());

    private static Client client;

    @BeforeAll
    static void start() {
        client = new Client(Client.OPEN, SOURCES);
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    @Test
    void probesStandTogetherWithTheirRegionsAndLastResults() throws Exception {
        JsonNode probes = client.json("/api/v1/probes");

        JsonNode checkout = probes.get(1);
        assertThat(checkout.get("name").asString()).isEqualTo("checkout");
        assertThat(checkout.get("labels").get("team").asString()).isEqualTo("core");
        assertThat(checkout.get("regions")).hasSize(3);
        JsonNode ap = checkout.get("regions").get(2);
        assertThat(ap.get("region").asString()).isEqualTo("ap");
        assertThat(ap.get("state").asString()).isEqualTo("degraded");
        assertThat(ap.get("last").get("cause").asString()).isEqualTo("latency_high");
        JsonNode fresh = probes.get(probes.size() - 1).get("regions").get(0);
        assertThat(fresh.get("state").asString()).isEqualTo("waiting");
        assertThat(fresh.get("last").isNull()).isTrue();
    }

    @Test
    void theUsualRangeOverTheTimeAskedForIsTold() throws Exception {
        JsonNode bands = client.json("/api/v1/baselines?probe=checkout&region=eu&since=35m");

        assertThat(bands).hasSize(1);
        JsonNode eu = bands.get(0);
        assertThat(eu.get("state").asString()).isEqualTo("shifted");
        assertThat(eu.get("shift").get("ratio").asDouble()).isEqualTo(1.38);
        assertThat(eu.get("points")).as("each ten minutes, and now").hasSize(5);
        assertThat(eu.get("points")).allSatisfy(p -> assertThat(p.get("lower").asDouble())
                .isLessThan(p.get("middle").asDouble())
                .isLessThan(p.get("upper").asDouble()));
        assertThat(client.json("/api/v1/baselines?probe=nobody")).isEmpty();
        assertThat(client.get("/api/v1/baselines").body()).contains("probe is missing");
        assertThat(client.get("/api/v1/baselines?probe=checkout&since=yesterday").statusCode()).isEqualTo(400);
    }

    @Test
    void theProbePageSaysWhatIsUsualAndWhyTheLatencyIsNot() throws Exception {
        assertThat(client.get("/probes/checkout?region=ap").body())
                .contains("typically 412 ms, usual for Monday 09h 180–260 ms, since 09:14 CET", "about once in 13 days");
        assertThat(client.get("/probes/checkout?region=eu").body())
                .contains("usual now ", "took over a new level 38 % higher at ", "31 % higher than weeks ago");
    }

    @Test
    void resultsAreThoseAskedForNewestFirst() throws Exception {
        JsonNode results = client.json("/api/v1/results?probe=checkout&region=ap&since=5m&limit=7");

        assertThat(results).hasSize(7);
        assertThat(results).allSatisfy(r -> assertThat(r.get("region").asString()).isEqualTo("ap"));
        assertThat(results.valueStream().map(r -> r.get("startedAt").asString()).toList())
                .isSortedAccordingTo(java.util.Comparator.<String>reverseOrder());
        assertThat(results.get(0).get("facts").get("status").asInt()).isEqualTo(200);
    }

    @Test
    void briefResultsLeaveOutWhatChartsDoNotNeed() throws Exception {
        JsonNode first = client.json("/api/v1/results?probe=gateway-health&brief=true&limit=1").get(0);

        assertThat(first.get("facts")).isEmpty();
        assertThat(first.get("evidence")).isEmpty();
        assertThat(first.get("phases")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "since=2026-03-02T11:59:00Z,200",
        "since=2026-03-02T12:59:00%2B01:00,200",
        "since=2026-03-02T12:59:00+01:00,200",
        "since=90s,200",
        "since=1066-10-14T09:00:00Z,200",
        "since=5000w,200",
        "since=,200",
        "limit=10000,200",
        "probe=no-such-probe,200",
        "probe=%3Cscript%3E,200",
        "since=yesterday,400",
        "since=-5m,400",
        "since=2026-03-02,400",
        "since=99999999999999w,400",
        "since=+999999999-01-01T00:00:00Z,400",
        "limit=0,400",
        "limit=10001,400",
        "limit=-1,400",
        "limit=1e3,400",
        "limit=99999999999999999999,400",
        "limit=1&limit=2,400",
        "brief=maybe,400",
        "prob=checkout,400",
        "%00=1,400"
    })
    void aQueryIsAnsweredOrRefusedInWords(String query, int status) throws Exception {
        HttpResponse<String> response = client.get("/api/v1/results?" + query);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode body = JsonMapper.shared().readTree(response.body());
        if (status == 400) {
            assertThat(body.get("status").asInt()).isEqualTo(400);
            assertThat(body.get("error").asString()).hasSizeBetween(10, 300).doesNotContain("Exception");
        } else {
            assertThat(body.isArray()).isTrue();
        }
    }

    @Test
    void aRefusalSaysWhatWouldBeRight() throws Exception {
        assertThat(client.get("/api/v1/results?since=yesterday").body())
                .contains("since should be a time as 2026-01-31T12:00:00Z, or how long ago as 15m or 2d; found \\\"yesterday\\\"");
    }

    @Test
    void alertsSayWhatSinceWhenAndWhatToDo() throws Exception {
        JsonNode alert = client.json("/api/v1/alerts").get(0);

        assertThat(alert.get("probe").asString()).isEqualTo("gateway-health");
        assertThat(alert.get("state").asString()).isEqualTo("firing");
        assertThat(alert.get("class").asString()).isEqualTo("request");
        assertThat(alert.get("cause").asString()).isEqualTo("http_status");
        assertThat(alert.get("startsAt").asString()).isEqualTo("2026-03-02T11:57:50Z");
        assertThat(alert.get("endsAt").isNull()).isTrue();
        assertThat(alert.get("remedy").asString()).isNotEmpty();
    }

    @Test
    void theStatusTellsOfARefusedConfiguration() throws Exception {
        JsonNode status = client.json("/api/v1/status");

        assertThat(status.get("version").asString()).isEqualTo("0.1.0");
        assertThat(status.get("uptimeSeconds").asLong()).isEqualTo(90_000);
        assertThat(status.get("configuration").get("ok").asBoolean()).isFalse();
        assertThat(status.get("configuration").get("problems")).hasSize(2);
        assertThat(status.get("counts").get("firing").asInt()).isEqualTo(4);
        assertThat(status.get("counts").get("probes").asInt()).isEqualTo(12);
        assertThat(status.get("counts").get("series").asInt()).isEqualTo(14);
        assertThat(status.get("channels")).hasSize(3);
    }

    @Test
    void noticesCanBeAskedForByChannelAlertAndState() throws Exception {
        assertThat(client.json("/api/v1/notices")).hasSize(5);
        assertThat(client.json("/api/v1/notices?channel=ops").get(0).get("state").asString()).isEqualTo("sent");
        assertThat(client.json("/api/v1/notices?alert=7f3a")).hasSize(3);
        assertThat(client.json("/api/v1/notices?state=dead").get(0).get("id").asLong()).isEqualTo(15);
        assertThat(client.json("/api/v1/notices?before=17&limit=1").get(0).get("id").asLong()).isEqualTo(16);
        assertThat(client.json("/api/v1/notices?limit=1")).hasSize(1);
        assertThat(client.get("/api/v1/notices?limit=x").statusCode()).isEqualTo(400);
        assertThat(client.get("/api/v1/notices?state=lost").body()).contains("state should be queued, sending, sent, dead; found \\\"lost\\\"");
        assertThat(client.get("/api/v1/notices?before=x").body()).contains("before should be the number of a notice");
    }

    @Test
    void aNoticeTellsOfEachAttempt() throws Exception {
        JsonNode log = client.json("/api/v1/notices?channel=mail").get(0).get("log");

        assertThat(log).hasSize(2);
        assertThat(log.get(0).get("outcome").asString()).isEqualTo("retry");
        assertThat(log.get(0).get("tookMs").asLong()).isEqualTo(1_200);
        assertThat(log.get(0).get("said").asString()).contains("451 4.7.1");
        assertThat(log.get(0).get("nextAt").asString()).isEqualTo("2026-03-02T11:58:19Z");
        assertThat(log.get(1).get("nextAt").isNull()).isTrue();
    }

    @Test
    void aChannelThatTakesNothingIsToldOnEveryPageAndInTheStatus() throws Exception {
        for (String path : List.of("/", "/notices", "/silences", "/status", "/probes/checkout")) {
            assertThat(client.get(path).body())
                    .as(path)
                    .contains("A channel takes no notices", "channel am (http://127.0.0.2:9093) has taken nothing for 10m: 127.0.0.2:9093 refused");
        }
        assertThat(client.get("/alerts").body()).contains("id=\"a-f00d-1\"", "channel am (http://127.0.0.2:9093)");
        assertThat(client.get("/status").body()).contains("href=\"/alerts#a-f00d-1\"");
        JsonNode trouble = client.json("/api/v1/status").get("troubles").get(0);
        assertThat(trouble.get("cause").asString()).isEqualTo("channel_broken");
        assertThat(trouble.get("evidence").asString()).isEqualTo("127.0.0.2:9093 refused the connection");
    }

    @Test
    void aCardLeadsNowhereWhereTheProbeIsGone() throws Exception {
        assertThat(client.get("/alerts").body()).contains("old-probe").doesNotContain("/probes/old-probe", "/probes/gatewatch");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/api/v1/nothing,404,application/json",
        "POST,/api/v1/alerts,405,application/json",
        "DELETE,/api/v1/results,405,application/json",
        "GET,/-/reload,405,text/plain;charset=utf-8",
        "GET,/nothing,404,text/html;charset=utf-8",
        "GET,/probes/nothing,404,text/html;charset=utf-8",
        "GET,/assets/../WebServer.class,404,''",
        "GET,/assets/nothing.js,404,text/plain;charset=utf-8",
        "POST,/,405,text/html;charset=utf-8",
        "TRACE,/,405,text/html;charset=utf-8"
    })
    void whatIsNotThereIsSaidInTheAskersLanguage(String method, String path, int status, String type) throws Exception {
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        assertThat(client.raw(request)).contains(" " + status + " ");
        if (!path.contains("..") && !method.equals("TRACE")) {
            assertThat(client.send(method, path).headers().firstValue("Content-Type")).contains(type);
        }
    }

    @Test
    void aRequestThatIsTooLargeIsCutOff() throws Exception {
        assertThat(client.raw("GET /?q=" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .contains(" 414 ");
        assertThat(client.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(client.raw("POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"))
                .contains(" 413 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?q=%27%3E%3Cscript%3Ealert(1)%3C/script%3E",
                "/?show=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
                "/?q=refund",
                "/alerts?q=%22%3E%3Cscript%3E&severity=%22%3E%3Cscript%3Ealert(1)",
                "/status",
                "/probes/refund%20%3Cscript%3Ealert(1)%3C%2Fscript%3E",
                "/probes/refund%20%3Cscript%3Ealert(1)%3C%2Fscript%3E?region=%22%3E%3Cscript%3E",
                "/probes/%3Cscript%3Ealert(1)%3C%2Fscript%3E"
            })
    void namesMessagesAndQueriesAreTextAndNeverMarkup(String path) throws Exception {
        String html = client.get(path).body();

        assertThat(html).doesNotContain("<script>", "<img src=x", "onerror=alert(1)>", "\"><script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/alerts", "/status", "/probes/checkout", "/nothing"})
    void pagesHoldNothingThatTheSecurityPolicyForbids(String path) throws Exception {
        assertThat(client.get(path).body())
                .doesNotContainPattern("<script(?![^>]* src=\"/assets/)")
                .doesNotContainPattern("<style")
                .doesNotContainPattern("<[^>]* (style|on[a-z]+)=\"");
    }

    @Test
    void theSampleHasSomethingToEscape() throws Exception {
        String html = client.get("/probes/refund%20%3Cscript%3Ealert(1)%3C%2Fscript%3E").body();

        assertThat(html).contains("body holds &lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=alert(1)&gt;", "na&lt;me");
    }

    @Test
    void healthIsAlwaysThereAndReadinessSaysWhyNot() throws Exception {
        assertThat(client.get("/-/healthy").body()).isEqualTo("Healthy\n");
        assertThat(client.get("/-/ready").statusCode()).isEqualTo(200);
        try (var starting = new Client(Client.OPEN, with(Optional.of("the store is being opened"), Optional.empty()));
                var full = new Client(Client.OPEN, with(Optional.empty(), Optional.of("the disk is full: /data")))) {
            assertThat(starting.get("/-/healthy").statusCode()).isEqualTo(200);
            assertThat(starting.get("/-/ready").statusCode()).isEqualTo(503);
            assertThat(starting.get("/-/ready").body()).isEqualTo("not ready: the store is being opened\n");
            assertThat(full.get("/-/ready").statusCode()).isEqualTo(503);
            assertThat(full.get("/-/ready").body()).contains("the disk is full");
            assertThat(full.get("/").body()).contains("The store is in trouble", "the disk is full: /data");
        }
    }

    @Test
    void aStoreThatCannotBeReadIsToldAndTheProbesPageGoesOn() throws Exception {
        var sources = new Sources(
                SOURCES.daemon(), SOURCES.clock(), SOURCES.snapshot(), SOURCES.configuration(), Optional::empty, Optional::empty,
                _ -> {
                    throw new StoreException("gatewatch.db: the disk is full", new IOException());
                },
                SOURCES.notices(), SOURCES.desk(), SOURCES.reload(), SOURCES.metrics(),
                OnDemandProbe.NONE);
        try (var broken = new Client(Client.OPEN, sources)) {
            assertThat(broken.get("/api/v1/results").statusCode()).isEqualTo(503);
            assertThat(broken.get("/api/v1/results").body()).contains("the disk is full");
            HttpResponse<String> page = broken.get("/probes/checkout");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("Recent runs cannot be read", "gatewatch.db: the disk is full");
        }
    }

    @Test
    void aFaultOfOursShowsNoInsides() throws Exception {
        var sources = new Sources(
                SOURCES.daemon(), SOURCES.clock(), SOURCES.snapshot(), SOURCES.configuration(), Optional::empty, Optional::empty,
                _ -> {
                    throw new IllegalStateException("inside");
                },
                SOURCES.notices(), SOURCES.desk(), SOURCES.reload(), SOURCES.metrics(),
                OnDemandProbe.NONE);
        try (var broken = new Client(Client.OPEN, sources)) {
            HttpResponse<String> response = broken.get("/api/v1/results");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("inside", "IllegalState").contains("the daemon's log says more");
        }
    }

    @Test
    void reloadTellsWhetherTheConfigurationWasTaken() throws Exception {
        HttpResponse<String> refused = client.send("POST", "/-/reload");
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body()).contains("the old one goes on", "did you mean \"interval\"?");
        try (var calm = new Client(Client.OPEN, SampleWorld.calm(new FakeClock()))) {
            assertThat(calm.send("POST", "/-/reload").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void metricsComeCompressedAndInTheFormatAskedFor() throws Exception {
        var request = HttpRequest.newBuilder(client.at("/metrics"))
                .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")
                .header("Accept-Encoding", "gzip")
                .build();
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
            var plain = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
            assertThat(new String(plain, StandardCharsets.UTF_8)).contains("probe_success{").endsWith("# EOF\n");
        }
        assertThat(client.get("/metrics").headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void assetsAreKeptByBrowsersUntilTheyChange() throws Exception {
        String html = client.get("/probes/checkout").body();
        for (String asset : List.of("gatewatch.css", "live.js", "chart.js", "uplot.js", "uplot.css", "icon.svg")) {
            String path = html.replaceAll("(?s).*\"(/assets/" + asset + "\\?v=[0-9a-f]+)\".*", "$1");
            HttpResponse<String> response = client.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(response.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
        }
        assertThat(client.get("/assets/live.js?v=old").headers().firstValue("Cache-Control")).contains("no-cache");
    }

    @Test
    void aTakenPortIsToldInWords() throws Exception {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var settings = new ServerSettings(new HostPort("127.0.0.1", taken.getLocalPort()), Optional.empty(), List.of());
            assertThatExceptionOfType(WebServerException.class)
                    .isThrownBy(() -> WebServer.start(settings, SOURCES))
                    .withMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": the port is taken, perhaps by another gatewatch");
        }
    }

    @Test
    void anAddressThatIsNotOursIsToldInWords() {
        var settings = new ServerSettings(new HostPort("192.0.2.1", 0), Optional.empty(), List.of());

        assertThatExceptionOfType(WebServerException.class)
                .isThrownBy(() -> WebServer.start(settings, SOURCES))
                .withMessageContaining("this machine does not have that address");
    }

    @Test
    void aClosedServerLetsGoOfItsPort() throws Exception {
        int port;
        try (var first = new Client(Client.OPEN, SOURCES)) {
            port = first.port();
        }
        var again = new ServerSettings(new HostPort("127.0.0.1", port), Optional.empty(), List.of());
        try (var second = new Client(again, SOURCES)) {
            assertThat(second.get("/-/healthy").statusCode()).isEqualTo(200);
        }
    }

    private static Sources with(Optional<String> notReady, Optional<String> storeTrouble) {
        return new Sources(
                SOURCES.daemon(), SOURCES.clock(), SOURCES.snapshot(), SOURCES.configuration(), () -> notReady, () -> storeTrouble,
                SOURCES.results(), SOURCES.notices(), SOURCES.desk(), SOURCES.reload(), SOURCES.metrics(),
                OnDemandProbe.NONE);
    }
}
