package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Shared;
import dev.gatewatch.config.Sources;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.blackbox.BlackboxModules;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/3: against a server of our own that misbehaves, and a real one. */
final class Http3Test {
    private static final HeldCertificate CA =
            new HeldCertificate.Builder().certificateAuthority(0).commonName("Test CA").build();

    @TempDir
    Path files;

    private Path ca;

    @BeforeEach
    void writeCa() throws IOException {
        ca = Files.writeString(files.resolve("ca.pem"), CA.certificatePem());
    }

    private static HeldCertificate leaf(UnaryOperator<HeldCertificate.Builder> with) {
        return with.apply(new HeldCertificate.Builder()
                        .commonName("gateway")
                        .addSubjectAlternativeName("localhost")
                        .signedBy(CA))
                .build();
    }

    private Report probe(Http3Server server, Map<String, Object> more) throws Exception {
        return probe("https://localhost:" + server.port() + "/pay?x=1", more);
    }

    private Report probe(String url, Map<String, Object> more) throws Exception {
        var config = new HashMap<String, Object>(Map.of("http_version", 3, "tls", Map.of("trust", ca.toString())));
        config.putAll(more);
        return Probing.run(url, config);
    }

    @Test
    void anAnswerPassesWithItsPhasesAndFacts() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "h3", Http3Server.saying(200, "{\"status\":\"UP\"}", "content-type", "application/json"))) {
            Report report = probe(server, Map.of("expect", Map.of("status", List.of(200), "json", Map.of("$.status", "UP"))));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(fact(report, "http_version")).isEqualTo(3L);
            assertThat(fact(report, "tls_version")).isEqualTo("TLS 1.3");
            assertThat(report.facts()).containsKeys("cert_expiry", "cert_fingerprint_sha256", "tls_cipher");
            assertThat(report.phases().get("connect")).isPositive();
            assertThat(report.phases().get("tls")).isPositive();
            assertThat(report.phases().get("processing")).isPositive();
        }
    }

    @Test
    void credentialsAndHeadersArrive() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "h3", Http3Server.saying(200, "ok"))) {
            Report report = probe(
                    server,
                    Map.of(
                            "auth", Map.of("basic", Map.of("username", "shop", "password", "s3cret")),
                            "headers", Map.of("X-Shop", "blue"),
                            "method", "POST",
                            "body", "amount=12"));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            var request = server.requests.getFirst();
            assertThat(request.get("authorization"))
                    .hasToString("Basic " + Base64.getEncoder().encodeToString("shop:s3cret".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            assertThat(request.get("x-shop")).hasToString("blue");
            assertThat(request.method()).hasToString("POST");
            assertThat(request.path()).hasToString("/pay?x=1");
            assertThat(request.authority()).hasToString("localhost:" + server.port());
            assertThat(server.bodyBytes).hasValue(9);
        }
    }

    @Test
    void credentialsAndHeadersOfABlackboxModuleArriveToo() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "h3", Http3Server.saying(200, "ok"))) {
            Path modules = Files.writeString(files.resolve("blackbox.yml"), """
                    modules:
                      h3:
                        prober: http
                        http:
                          enable_http3: true
                          enable_http2: false
                          valid_http_versions: [HTTP/3.0]
                          basic_auth: {username: shop, password: s3cret}
                          headers: {X-Shop: blue}
                          tls_config: {ca_file: %s}
                    """.formatted(ca));
            var keys = BlackboxModules.read(modules, new Problems(), Shared.NONE, new Sources())
                    .flatMap(all -> all.find("h3"))
                    .flatMap(module -> module.translation())
                    .orElseThrow()
                    .at("localhost:" + server.port() + "/pay", Optional.empty());

            Report report = Probing.run(keys);

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(fact(report, "http_version")).isEqualTo(3L);
            assertThat(server.requests.getFirst().get("authorization")).asString().startsWith("Basic ");
            assertThat(server.requests.getFirst().get("x-shop")).hasToString("blue");
        }
    }

    @Test
    void everyAddressThatIsTriedGivesItsSocketBack() throws Exception {
        long before = openSockets();
        try (var silent = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            for (int i = 0; i < 5; i++) {
                Probing.run("https://127.0.0.1:" + silent.getLocalPort() + "/", Map.of("http_version", 3), Duration.ofMillis(200));
            }
        }
        Waiting.await().until(() -> openSockets() <= before + 2);
    }

    private static long openSockets() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).toString().startsWith("socket:");
                        } catch (IOException _) {
                            return false; // closed meanwhile
                        }
                    })
                    .count();
        }
    }

    @Test
    void interimResponsesWithoutEndAreBounded() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "h3", (stream, _) -> {
            for (int i = 0; i < 50; i++) {
                Http3Server.head(stream, 103, "link", "</a>");
            }
        })) {
            Report report = Probing.run("https://localhost:" + server.port() + "/", config(), Duration.ofSeconds(3));
            assertThat(report.cause()).as(report.toString()).contains(Cause.HTTP_VERSION);
        }
    }

    @Test
    void certificatesAreJudgedAsForTheOtherVersions() throws Exception {
        long now = System.currentTimeMillis();
        var expired = leaf(b -> b.validityInterval(now - 20 * 86_400_000L, now - 86_400_000L));
        try (var server = new Http3Server(expired, "h3", Http3Server.saying(200, "ok"))) {
            Report report = probe(server, Map.of());
            assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_EXPIRED);
            assertThat(report.facts()).containsKeys("cert_expiry", "cert_subject", "tls_version");
            assertThat(server.requests).isEmpty();
        }
        try (var server = new Http3Server(leaf(b -> b), "h3", Http3Server.saying(200, "ok"))) {
            Report stranger = Probing.run("https://localhost:" + server.port() + "/", Map.of("http_version", 3));
            assertThat(stranger.cause()).as(stranger.toString()).contains(Cause.CERT_UNTRUSTED);
            Report other = probe("https://127.0.0.1:" + server.port() + "/", Map.of());
            assertThat(other.cause()).as(other.toString()).contains(Cause.CERT_HOSTNAME);
            Report insecure = probe(server, Map.of("tls", Map.of("insecure", true)));
            assertThat(insecure.outcome()).as(insecure.toString()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void aServerOfAnotherProtocolBreaksOffTheHandshake() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "doq", Http3Server.saying(200, "ok"))) {
            Report report = probe(server, Map.of());

            assertThat(report.cause()).as(report.toString()).contains(Cause.TLS_HANDSHAKE);
            assertThat(report.message()).contains("ALPN");
        }
    }

    @Test
    void aSilentPortIsAConnectTimeoutAndAClosedOneRefused() throws Exception {
        int closed;
        try (var silent = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            Report report = Probing.run(
                    "https://127.0.0.1:" + silent.getLocalPort() + "/", Map.of("http_version", 3), Duration.ofMillis(700));
            assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECT_TIMEOUT);
            closed = silent.getLocalPort();
        }
        Report report = Probing.run("https://127.0.0.1:" + closed + "/", Map.of("http_version", 3), Duration.ofSeconds(3));
        assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECT_REFUSED);
    }

    @Test
    void aStalledAnswerAndAStalledBodyAreToldApart() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "h3", (_, _) -> {})) {
            Report report = Probing.run("https://localhost:" + server.port() + "/", config(), Duration.ofMillis(900));
            assertThat(report.cause()).as(report.toString()).contains(Cause.RESPONSE_TIMEOUT);
        }
        try (var server = new Http3Server(leaf(b -> b), "h3", (stream, _) -> {
            Http3Server.head(stream, 200, "content-length", "100");
            Http3Server.data(stream, "half");
        })) {
            Report report = Probing.run("https://localhost:" + server.port() + "/", config(), Duration.ofMillis(900));
            assertThat(report.cause()).as(report.toString()).contains(Cause.BODY_TIMEOUT);
            assertThat(report.message()).contains("4 bytes of 100 bytes");
        }
    }

    private Map<String, Object> config() {
        return Map.of("http_version", 3, "tls", Map.of("trust", ca.toString()));
    }

    @Test
    void aBodyThatEndsEarlyIsTruncatedAndALargeOneTooLarge() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "h3", Http3Server.saying(200, "half", "content-length", "100"))) {
            Report report = probe(server, Map.of());
            assertThat(report.cause()).as(report.toString()).contains(Cause.BODY_TRUNCATED);
        }
        try (var server = new Http3Server(leaf(b -> b), "h3", Http3Server.saying(200, "x".repeat(900_000)))) {
            assertThat(probe(server, Map.of()).outcome()).isEqualTo(Outcome.PASS);
            Report report = probe(server, Map.of("body_limit", "100kB"));
            assertThat(report.cause()).as(report.toString()).contains(Cause.BODY_TOO_LARGE);
        }
    }

    @Test
    void aStreamThatIsGivenUpIsAResetConnection() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "h3", (stream, _) -> stream.shutdownOutput(0x10c))) {
            Report report = probe(server, Map.of());
            assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECTION_RESET);
        }
    }

    @Test
    void headersWithoutEndAreBounded() throws Exception {
        try (var server = new Http3Server(leaf(b -> b), "h3", (stream, _) -> {
            String large = "x".repeat(60_000);
            Http3Server.head(stream, 200, "a", large, "b", large, "c", large, "d", large, "e", large);
        })) {
            Report report = Probing.run("https://localhost:" + server.port() + "/", config(), Duration.ofSeconds(3));
            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.FAIL);
            assertThat(report.cause().orElseThrow()).isIn(Cause.BODY_TOO_LARGE, Cause.HTTP_VERSION, Cause.CONNECTION_RESET);
        }
    }

    @Test
    void redirectsAreFollowedOverHttp3AndTakeNoCredentialsElsewhere() throws Exception {
        try (var other = new Http3Server(leaf(b -> b), "h3", Http3Server.saying(200, "there"));
                var server = new Http3Server(
                        leaf(b -> b), "h3", Http3Server.saying(302, "", "location", "https://localhost:" + other.port() + "/there"))) {
            Report report = probe(server, Map.of("auth", Map.of("bearer", "t0ken-t0ken")));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(fact(report, "redirects")).isEqualTo(1L);
            assertThat(server.requests.getFirst().get("authorization")).hasToString("Bearer t0ken-t0ken");
            assertThat(other.requests.getFirst().get("authorization")).isNull();
        }
    }

    @Test
    void whatIsNotHttpsCannotBeHttp3() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Report report = Probing.run("http://127.0.0.1:" + server.getLocalPort() + "/", Map.of("http_version", 3));
            assertThat(report.cause()).as(report.toString()).contains(Cause.HTTP_VERSION);
            assertThat(report.message()).contains("HTTP/3 needs https");
        }
    }

    @Test
    void aRealServerTakesCredentialsAndAnswers() throws Exception {
        Path program = Components.require("caddy");
        HeldCertificate leaf = leaf(b -> b.addSubjectAlternativeName("pay.example.com"));
        Path cert = Files.writeString(files.resolve("leaf.pem"), leaf.certificatePem());
        Path key = Files.writeString(files.resolve("leaf.key"), leaf.privateKeyPkcs8Pem());
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(files.resolve("Caddyfile"), """
                {
                  admin off
                  auto_https off
                }
                https://pay.example.com:%d {
                  bind 127.0.0.1
                  tls %s %s
                  respond /missing 404
                  @known {
                    header Authorization "Basic c2hvcDpzM2NyZXQ="
                    header X-Shop blue
                  }
                  respond @known `{"proto":"{http.request.proto}"}`
                  respond 401
                }
                """.formatted(port, cert, key));
        Process caddy = new ProcessBuilder(program.toString(), "run", "--config", config.toString(), "--adapter", "caddyfile")
                .redirectErrorStream(true)
                .redirectOutput(files.resolve("caddy.log").toFile())
                .directory(files.toFile())
                .start();
        try {
            Waiting.await().until(() -> {
                try (var socket = new Socket()) {
                    socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
                    return true;
                } catch (IOException _) {
                    return false;
                }
            });
            String url = "https://pay.example.com:" + port + "/";
            String there = "127.0.0.1:" + port;
            Report known = probe(
                    url,
                    Map.of(
                            "connect_to", there,
                            "auth", Map.of("basic", Map.of("username", "shop", "password", "s3cret")),
                            "headers", Map.of("X-Shop", "blue"),
                            "expect", Map.of("json", Map.of("$.proto", "HTTP/3.0"))));
            assertThat(known.outcome()).as(known.toString()).isEqualTo(Outcome.PASS);
            Report unknown = probe(url, Map.of("connect_to", there));
            assertThat(unknown.cause()).as(unknown.toString()).contains(Cause.CREDENTIAL_MISSING);
            Report missing = probe(url + "missing", Map.of("connect_to", there));
            assertThat(missing.cause()).as(missing.toString()).contains(Cause.HTTP_STATUS);
        } finally {
            caddy.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
