package dev.gatewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpServer;
import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.daemon.Daemon;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One alert fires, and somebody deals with it: what links in notices lead to, and the pages and commands from there on. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlertInHandTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final String OUTSIDE = "https://watch.example/gw";
    private static final String RUNBOOK = "https://wiki.example/ledger?page=1&section=2";
    private static final String DASHBOARD = "https://graphs.example/d/ledger";

    @TempDir
    private static Path folder;

    private static final Map<String, List<String>> received = new ConcurrentHashMap<>();
    private static volatile int hookAnswers = 400;
    private static HttpServer sinks;
    private static Daemon daemon;
    private static final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        sinks = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        sinks.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        sinks.createContext("/", exchange -> {
            try (exchange) {
                String name = exchange.getRequestURI().getPath().substring(1);
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                received.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>()).add(body);
                byte[] answer = (name.equals("chat") ? "ok" : "{\"id\": \"1\"}").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(name.equals("hook") ? hookAnswers : name.equals("sick") ? 403 : 200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        sinks.start();
        Path file = Files.writeString(
                folder.resolve("gatewatch.yml"),
                """
                server: {listen: "127.0.0.1:0", external_url: "%s"}
                probes:
                  - {name: ledger, type: tcp, target: "127.0.0.1:%d", interval: 1s, labels: {team: data}}
                rules:
                  - {name: port-closed, when: {failures: 1}, severity: critical, annotations: {runbook_url: "%s", dashboard_url: "%s"}}
                channels:
                  - {name: chat, type: slack, webhook_url: "http://127.0.0.1:%5$d/chat"}
                  - {name: hook, type: webhook, url: "http://127.0.0.1:%5$d/hook"}
                  - {name: room, type: discord, webhook_url: "http://127.0.0.1:%5$d/room"}
                  - {name: sick, type: webhook, url: "http://127.0.0.1:%5$d/sick"}
                routes:
                  - {channels: [chat, hook, room, sick], wait: 0s}
                """
                        .formatted(OUTSIDE, closedPort(), RUNBOOK, DASHBOARD, sinks.getAddress().getPort()));
        Configuration.Attempt attempt = Configuration.read(List.of(file), Map.of());
        assertThat(attempt.lines()).isEmpty();
        daemon = Daemon.start(
                attempt.configuration().orElseThrow(), attempt, () -> Configuration.read(List.of(file), Map.of()), "0.1.0");
        await("the alert and the broken channel").until(() -> json("status").get("troubles").size() == 1
                && json("notices?alert=" + alert()).size() == 4
                && received.getOrDefault("chat", List.of()).size() >= 2
                && received.getOrDefault("room", List.of()).size() >= 2);
    }

    @AfterAll
    static void stop() {
        if (daemon != null) {
            daemon.close();
        }
        sinks.stop(0);
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100)).ignoreExceptions();
    }

    private static int closedPort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(daemon.page() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(get("/api/v1/" + path).body());
    }

    private static String alert() throws Exception {
        return json("alerts").get(0).get("id").asString();
    }

    /** What a command prints; {@code wanted} is the exit code. */
    private static String gatewatch(int wanted, String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--url", daemon.page().toString()));
        Cli.Ran ran = Cli.run(all.toArray(String[]::new));
        assertThat(ran.exit()).as("%s: %s%s", all, ran.out(), ran.err()).isEqualTo(wanted);
        return ran.out() + ran.err();
    }

    @Test
    @Order(1)
    void everyLinkOfANoticeLeadsSomewhere() throws Exception {
        var ours = new TreeSet<String>();
        for (String channel : List.of("chat", "hook", "room")) {
            String text = String.join("\n", received.get(channel)).replace("\\/", "/").replace("\\u0026", "&");
            Pattern.compile(Pattern.quote(OUTSIDE) + "[^\\s\"<>|\\\\)]*").matcher(text).results().map(m -> m.group().replace("&amp;", "&")).forEach(ours::add);
            assertThat(text.replace("&amp;", "&")).as(channel).contains(RUNBOOK, DASHBOARD);
        }

        assertThat(ours).anyMatch(url -> url.contains("/alerts#a-" + uncheckedAlert()))
                .anyMatch(url -> url.contains("/silences/new?matcher=rule%3Dport-closed&matcher=probe%3Dledger"))
                .anyMatch(url -> url.contains("/probes/ledger"))
                .hasSizeGreaterThan(4)
                .as("nobody can silence that a channel takes nothing")
                .noneMatch(url -> url.contains("/silences/new?matcher=rule%3Dchannel%20failing"));
        for (String url : ours) {
            URI link = URI.create(url);
            HttpResponse<String> page = get(link.getRawPath().substring("/gw".length()) + (link.getRawQuery() == null ? "" : "?" + link.getRawQuery()));
            assertThat(page.statusCode()).as(url).isEqualTo(200);
            if (link.getFragment() != null) {
                assertThat(page.body()).as(url).contains("id=\"" + link.getFragment() + "\"");
            }
        }
        assertThat(get("/alerts").body()).contains("href=\"" + RUNBOOK.replace("&", "&amp;") + "\"");
    }

    private static String uncheckedAlert() {
        try {
            return alert();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Order(2)
    void theLogOfNoticesTellsOfEachAttempt() throws Exception {
        String notices = gatewatch(0, "notices", "--alert", alert());
        assertThat(notices)
                .contains("DELIVERED", "chat  ledger fires: ")
                .containsPattern("1\\. \\d\\d:\\d\\d:\\d\\d delivered in \\d+ ms")
                .containsPattern("channel broken in \\d+ ms: HTTP 403 from .*; again at \\d\\d:\\d\\d:\\d\\d")
                .containsPattern("GIVEN UP .* hook  ledger fires");
        assertThat(gatewatch(0, "notices", "--channel", "none")).isEqualTo("No notices.\n");
        assertThat(gatewatch(2, "notices", "--state", "lost")).contains("state should be queued, sending, sent, dead");
        assertThat(gatewatch(2, "notices", "--limit", "0")).contains("limit should be a whole number from 1 to 10000");
        assertThat(gatewatch(0, "notices", "--json", "--state", "dead")).contains("\"lastError\":\"HTTP 400");
        assertThat(get("/notices?alert=" + alert()).body()).contains("channel broken", "HTTP 403 from", "given up");
        assertThat(get("/alerts").body()).contains("<b>chat</b>", "<b>hook</b> given up", "<b>sick</b> not yet, again at");
    }

    @Test
    @Order(3)
    void whoLooksAtAlertsSeesThatAChannelTakesNothing() {
        assertThat(gatewatch(0, "alerts"))
                .contains("FIRING", "ledger")
                .containsPattern("NOTICES +channel sick is broken and needs a person; \\d+ notices? waits?: HTTP 403");
    }

    @Test
    @Order(4)
    void whatWasGivenUpIsSentAgain() throws Exception {
        long dead = json("notices?state=dead&channel=hook&alert=" + alert()).get(0).get("id").asLong();
        hookAnswers = 200;

        assertThat(gatewatch(0, "notices", "--send-again", Long.toString(dead))).isEqualTo("queued again: notice " + dead + "\n");

        await("the notice").until(() -> json("notices?state=sent&channel=hook").size() > 0);
        JsonNode log = json("notices?state=sent&channel=hook").get(0).get("log");
        assertThat(log.get(0).get("outcome").asString()).isEqualTo("refused");
        assertThat(log.get(1).get("outcome").asString()).isEqualTo("delivered");
        assertThat(gatewatch(1, "notices", "--send-again", Long.toString(dead))).contains("was not given up");
    }

    @Test
    @Order(5)
    void silencesAreMadeListedAndEndedFromTheCommandLine() throws Exception {
        String made = gatewatch(0, "silence", "add", "probe=~led.*", "team!=core", "--for", "30m", "--by", "ada", "-m", "deploy \u001b[31m4711");
        assertThat(made).containsPattern("^[0-9a-f]{12}  active  probe=~led\\.\\* team!=core  from \\S+ to \\S+  by ada: deploy \\[31m4711\n$");
        String id = made.substring(0, 12);
        await("the alert to be held back").until(() -> json("alerts").get(0).get("status").asString().equals("suppressed"));
        assertThat(gatewatch(0, "alerts")).contains("SUPPRESSED", "nobody is told: silence (" + id + ")");

        assertThat(gatewatch(0, "silence", "list")).startsWith(id + "  active");
        assertThat(gatewatch(0, "silence", "list", "--json")).startsWith("[{\"id\":\"" + id + "\"");
        assertThat(gatewatch(0, "silence", "end", id)).contains(id + "  expired");
        assertThat(gatewatch(1, "silence", "end", id, "none")).contains("there is no silence " + id + ", or it is over", "there is no silence none");
        assertThat(gatewatch(0, "silence", "list")).isEqualTo("No silences.\n");
        assertThat(gatewatch(0, "silence", "list", "--all")).startsWith(id + "  expired");
    }

    @Test
    @Order(6)
    void aSilenceThatCannotBeIsToldInWords() {
        assertThat(gatewatch(2, "silence", "add", "nonsense")).contains("\"nonsense\" is no matcher; write name=value");
        assertThat(gatewatch(2, "silence", "add", "probe=~(")).contains("is no regular expression (RE2 syntax)");
        assertThat(gatewatch(2, "silence", "add", "a=b", "--for", "soon")).contains("duration should be a time as 30m, 2h, 1d; found \"soon\"");
        assertThat(gatewatch(2, "silence", "add", "a=b", "--for", "9999d")).contains("a silence lasts a year at most");
        assertThat(gatewatch(2, "silence", "add", "a=b", "-m", "x".repeat(1_001))).contains("at most 1000 characters");
        assertThat(gatewatch(2, "silence", "add")).contains("Missing required parameter");
    }

    @Test
    @Order(7)
    void inTheBrowserTheFormShowsWhatItCoversAndMakesIt() throws Exception {
        boolean there = Files.isExecutable(CHROMIUM);
        assertThat(there || !Boolean.getBoolean("require.components")).as("%s is missing", CHROMIUM).isTrue();
        Assumptions.assumeTrue(there, () -> CHROMIUM + " is not installed");
        var launch = new BrowserType.LaunchOptions().setExecutablePath(CHROMIUM).setArgs(List.of("--no-sandbox", "--disable-gpu"));
        try (Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright.chromium().launch(launch)) {
            Page page = browser.newPage();
            var complaints = new CopyOnWriteArrayList<String>();
            page.onPageError(complaints::add);
            page.navigate(daemon.page() + "/silences/new?alert=" + alert());
            page.getByText("It would silence 1 of 1 open alert").waitFor();

            // typing looks anew by itself, and forgets nothing
            page.getByLabel("Why").fill("the port is being moved");
            page.getByLabel("Matcher 2").fill("probe=nobody");
            page.getByText("It would silence none of the 1 open alerts").waitFor();
            page.getByLabel("Matcher 2").fill("probe=~led(");
            page.getByText("is no regular expression").waitFor();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Silence").setExact(true)).click();
            page.getByText("is no regular expression").waitFor();
            assertThat(page.getByLabel("Why").inputValue()).isEqualTo("the port is being moved");
            page.getByLabel("Matcher 2").fill("probe=~led.*");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Silence").setExact(true)).click();
            page.waitForURL("**/silences");
            assertThat(page.getByText("the port is being moved").count()).isEqualTo(1);

            page.navigate(daemon.page() + "/alerts#a-long-ago");
            page.getByText("over and not listed any more").waitFor();
            page.getByText("See what was told of it").click();
            page.waitForURL("**/notices?alert=long-ago");
            page.navigate(daemon.page() + "/alerts#a-" + alert());
            assertThat(page.getByText("over and not listed any more").count()).isZero();
            assertThat(complaints).isEmpty();
        }
    }
}
