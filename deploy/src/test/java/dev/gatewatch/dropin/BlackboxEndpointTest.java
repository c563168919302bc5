package dev.gatewatch.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Shared;
import dev.gatewatch.config.Sources;
import dev.gatewatch.probes.blackbox.BlackboxModules;
import dev.gatewatch.web.OnDemandProbe.Answer;
import dev.gatewatch.web.OnDemandProbe.Asked;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jspecify.annotations.Nullable;

final class BlackboxEndpointTest {
    private static final String MODULES = """
            modules:
              http_2xx: {prober: http}
              strange: {prober: gopher}
              hosted: {prober: http, http: {headers: {Host: a.example}}}
              local:
                prober: unix
                unix:
                  query_response:
                    - expect: "^SSH-(?P<version>[0-9.]+)-(.*)$"
                      labels: [{name: version, value: "${version}"}]
                      send: "hello"
                    - expect: "^(hello) back$"
                      labels: [{name: word, value: "$1"}]
              live:
                prober: websocket
                timeout: 3s
                websocket: {query_response: [{send: ping}, {expect: "^pong$"}]}
              live_mismatch:
                prober: websocket
                timeout: 3s
                websocket: {query_response: [{send: ping}, {expect: "^never$"}]}
              measured:
                prober: http
                http: {fail_if_body_json_not_matches_cel: "body.up"}
              tcp: {prober: tcp}
              secretive:
                prober: http
                http:
                  basic_auth: {username: u, password: hunter2hunter2}
                  fail_if_body_not_matches_regexp: ["never there"]
            """;

    @TempDir
    Path folder;

    private final AtomicInteger unknown = new AtomicInteger();
    private HttpServer target;

    @BeforeEach
    void start() throws Exception {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            byte[] body = ("host " + exchange.getRequestHeaders().getFirst("Host")).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/missing") ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        target.start();
    }

    @AfterEach
    void stop() {
        target.stop(0);
    }

    @Test
    void aGoodTargetSucceedsWithBlackboxesMetrics() throws Exception {
        String metrics = text(ask(Map.of("target", at("/"))), 200);

        assertThat(metrics)
                .contains("probe_success 1.0\n", "probe_http_status_code 200.0\n", "probe_http_duration_seconds{phase=\"connect\"}")
                .contains("# HELP probe_success Displays whether or not the probe was a success")
                .doesNotContain("location=", "probe_failure_info");
    }

    @Test
    void aBadTargetIsAFailedProbeNotAFailedScrape() throws Exception {
        assertThat(text(ask(Map.of("target", at("/missing"))), 200))
                .contains("probe_success 0.0\n", "probe_failure_info{cause=\"http_status\",class=\"request\"} 1");
        assertThat(text(ask(Map.of("target", "http://not a host/")), 200)).contains("probe_success 0.0\n");
    }

    @Test
    void whatCannotBeAskedIsRefusedInBlackboxesWords() throws Exception {
        assertThat(text(ask(Map.of("module", "nope", "target", "x")), 400)).isEqualTo("Unknown module \"nope\"\n");
        assertThat(unknown).hasValue(1);
        assertThat(text(ask(Map.of()), 400)).isEqualTo("Target parameter is missing\n");
        assertThat(text(ask(Map.of("module", "strange", "target", "x")), 400)).isEqualTo("Unknown prober \"gopher\"\n");
        assertThat(text(ask(Map.of("target", "x"), "soon"), 500)).startsWith("Failed to parse timeout from Prometheus header");
        assertThat(text(ask(Map.of("module", "hosted", "target", at("/"), "hostname", "b.example")), 400))
                .startsWith("host header defined both in module configuration (a.example)");
    }

    @Test
    void aDoubleEncodedTargetAndAHostnameWork() throws Exception {
        String debug = text(
                ask(Map.of("target", at("/").replace(":", "%3A"), "hostname", "pay.example", "debug", "true")), 200);
        assertThat(debug).contains("host pay.example".length() + ".0").contains("probe_success 1.0");
    }

    /** Two entries with labels break blackbox_exporter's request. */
    @Test
    void aUnixSocketIsSpokenWithAndAllLabelsAreKept() throws Exception {
        Path path = folder.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Thread.ofVirtual().start(() -> {
                try (SocketChannel peer = server.accept()) {
                    peer.write(ByteBuffer.wrap("SSH-2.0-local\r\n".getBytes(StandardCharsets.UTF_8)));
                    peer.read(ByteBuffer.allocate(64));
                    peer.write(ByteBuffer.wrap("hello back\n".getBytes(StandardCharsets.UTF_8)));
                    peer.read(ByteBuffer.allocate(64));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            assertThat(text(ask(Map.of("module", "local", "target", path.toString())), 200))
                    .contains("probe_success 1.0\n", "probe_expect_info{version=\"2.0\",word=\"hello\"} 1")
                    .contains("probe_failed_due_to_regex 0.0\n", "probe_failed_due_to_bytes 0.0\n")
                    .doesNotContain("probe_ip_", "probe_dns_");
            assertThat(text(ask(Map.of("module", "tcp", "target", "unix:" + path)), 200)).contains("probe_success 0.0\n");
        }
    }

    @Test
    void aWebSocketHasBlackboxesMetrics() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try (Socket peer = server.accept()) {
                        pong(peer);
                    } catch (IOException _) {
                        return;
                    }
                }
            });
            String target = "ws://127.0.0.1:" + server.getLocalPort() + "/live";

            assertThat(text(ask(Map.of("module", "live", "target", target)), 200))
                    .contains("probe_success 1.0\n", "probe_websocket_status_code 101.0\n")
                    .contains("probe_websocket_connection_upgraded 1.0\n", "probe_websocket_failed_due_to_regex 0.0\n")
                    .contains("probe_websocket_duration_seconds{phase=\"transfer\"}", "probe_timeout_seconds 3.0\n");
            assertThat(text(ask(Map.of("module", "live_mismatch", "target", target)), 200))
                    .contains("probe_success 0.0\n", "probe_websocket_failed_due_to_regex 1.0\n");
        }
    }

    /** The upgrade, and a text for the first frame. */
    private static void pong(Socket peer) throws IOException {
        var in = new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.ISO_8859_1));
        String key = "";
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                key = line.substring(18).strip();
            }
        }
        String accept = ByteString.encodeUtf8(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").sha1().base64();
        String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept + "\r\n\r\n";
        peer.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        peer.getOutputStream().write(new byte[] {(byte) 0x81, 4, 'p', 'o', 'n', 'g'});
        peer.getOutputStream().flush();
        while (in.read() >= 0) {
            // until the prober leaves
        }
    }

    @Test
    void whatCelSaysIsThereOnlyWhereItIsAsked() throws Exception {
        assertThat(text(ask(Map.of("module", "measured", "target", at("/"))), 200))
                .contains("probe_success 0.0\n", "probe_failed_due_to_cel 1.0\n");
        assertThat(text(ask(Map.of("target", at("/"))), 200)).doesNotContain("due_to_cel");
    }

    @Test
    void theDebugTextTellsTheStoryWithoutSecrets() throws Exception {
        String debug = text(ask(Map.of("module", "secretive", "target", at("/"), "debug", "true")), 200);

        assertThat(debug)
                .contains("Logs for the probe:\n", "Metrics that would have been returned:\n", "Module configuration:\n")
                .contains("cause=content_mismatch", "username: \"u\"", "<secret>")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "10, -, 9.5", "10, 5, 5", "10, 20, 9.5", "-, -, 119.5", "0, -, 119.5", "-, 5, 5", "0.3, 7, 7",
            })
    void theTimeoutIsTheScrapersLessItsOffsetOrTheModules(@Nullable String header, @Nullable Integer module, double expected) {
        assertThat(ScrapeTimeout.of(Optional.ofNullable(header), Optional.ofNullable(module).map(Duration::ofSeconds)))
                .isEqualTo(Duration.ofMillis((long) (expected * 1000)));
    }

    private String at(String path) {
        return "127.0.0.1:" + target.getAddress().getPort() + path;
    }

    private Answer ask(Map<String, String> parameters) throws Exception {
        return ask(parameters, null);
    }

    private Answer ask(Map<String, String> parameters, @Nullable String timeout) throws Exception {
        Path file = Files.writeString(folder.resolve("blackbox.yml"), MODULES);
        var problems = new Problems();
        BlackboxModules modules = BlackboxModules.read(file, problems, Shared.NONE, new Sources())
                .orElseThrow(() -> new AssertionError(problems.list().stream().map(Problem::toString).toList()));
        var endpoint = new BlackboxEndpoint(
                () -> new DropInModules(modules, folder, Shared.NONE), unknown::incrementAndGet, Clock.systemUTC());
        var query = new HashMap<String, List<String>>();
        parameters.forEach((name, value) -> query.put(name, List.of(value)));
        return endpoint.answer(new Asked(query, Optional.ofNullable(timeout), ""));
    }

    private static String text(Answer answer, int status) throws Exception {
        assertThat(answer.status()).isEqualTo(status);
        var out = new ByteArrayOutputStream();
        answer.body().body().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
