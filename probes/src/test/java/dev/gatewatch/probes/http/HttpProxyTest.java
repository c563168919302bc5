package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.evidence;
import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs through proxies: real ones, and some that do not do as they should. */
final class HttpProxyTest {
    private static final HeldCertificate CA =
            new HeldCertificate.Builder().certificateAuthority(0).commonName("Test CA").build();

    private final MockWebServer target = new MockWebServer();
    private final MockWebServer secure = new MockWebServer();

    @TempDir
    static Path squidFolder;

    private static RealProxy squid;

    @TempDir
    Path folder;

    private Path ca;

    @BeforeAll
    static void startSquid() throws Exception {
        squid = RealProxy.squid(squidFolder);
    }

    @AfterAll
    static void stopSquid() {
        squid.close();
    }

    @BeforeEach
    void start() throws Exception {
        ca = Files.writeString(folder.resolve("ca.pem"), CA.certificatePem());
        secure.useHttps(certificates("localhost").sslSocketFactory());
        target.start();
        secure.start();
    }

    @AfterEach
    void stop() {
        target.close();
        secure.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"squid", "tinyproxy", "microsocks"})
    void aRealProxyWithALoginLeadsToBothKindsOfTargets(String which) throws Exception {
        RealProxy proxy = real(which);
        try {
            String scheme = which.equals("microsocks") ? "socks5" : "http";
            Object url = new Secret(
                    scheme + "://" + RealProxy.USER + ":" + RealProxy.PASSWORD + "@127.0.0.1:" + proxy.port());
            target.enqueue(ok("plain"));
            secure.enqueue(ok("secure"));

            Report plain = Probing.run(
                    "http://127.0.0.1:" + target.getPort() + "/a?b=c",
                    Map.of("proxy", url, "expect", Map.of("body", "plain"), "headers", Map.of("X-Mine", "1")));
            Report tunnelled = Probing.run(
                    "https://localhost:" + secure.getPort() + "/s",
                    Map.of("proxy", url, "expect", Map.of("body", "secure"), "tls", Map.of("trust", ca.toString())));

            assertThat(plain.outcome()).as(plain.toString()).isEqualTo(Outcome.PASS);
            assertThat(tunnelled.outcome()).as(tunnelled.toString()).isEqualTo(Outcome.PASS);
            var asked = target.takeRequest();
            assertThat(asked.getTarget()).isEqualTo("/a?b=c");
            assertThat(asked.getHeaders().get("X-Mine")).isEqualTo("1");
            assertThat(asked.getHeaders().get("Proxy-Authorization")).as("is the proxy's alone").isNull();
            assertThat(secure.takeRequest().getTarget()).isEqualTo("/s");
            assertThat(fact(tunnelled, "proxy")).isEqualTo("127.0.0.1:" + proxy.port());
            assertThat(tunnelled.phases().get("proxy")).isPositive();
            assertThat(fact(tunnelled, "http_version")).isEqualTo(2L);
        } finally {
            end(proxy);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"squid", "tinyproxy", "microsocks"})
    void aRealProxyThatIsToldNoLoginOrAWrongOneWantsOne(String which) throws Exception {
        RealProxy proxy = real(which);
        try {
            boolean socks = which.equals("microsocks");
            String url = (socks ? "socks5" : "http") + "://127.0.0.1:" + proxy.port();
            Map<String, Object> wrong = Map.of(
                    "proxy", url, "proxy_auth", Map.of("username", RealProxy.USER, "password", "wr0ng-passw0rd"));
            for (String to : List.of(
                    "http://127.0.0.1:" + target.getPort() + "/", "https://localhost:" + secure.getPort() + "/")) {
                Report without = Probing.run(to, Map.of("proxy", url));
                Report rejected = Probing.run(to, wrong);

                assertThat(without.cause()).as(without.toString()).contains(Cause.PROXY_FAILED);
                assertThat(without.message())
                        .isEqualTo("proxy 127.0.0.1:" + proxy.port() + " wants a login"
                                + (socks ? ", and there is no proxy_auth" : " (407)"));
                assertThat(rejected.cause()).as(rejected.toString()).contains(Cause.PROXY_FAILED);
                assertThat(rejected.message()).startsWith("proxy 127.0.0.1:" + proxy.port());
                assertThat(rejected.message()).contains("rejects the login of probe");
                assertThat(rejected.toString()).doesNotContain("wr0ng-passw0rd");
            }
            assertThat(target.getRequestCount() + secure.getRequestCount()).isZero();
        } finally {
            end(proxy);
        }
    }

    @Test
    void aProxyThatCannotReachTheTargetIsNamedWithWhatItSays() throws Exception {
        int closed = LocalServer.closedPort();
        try (RealProxy socks = RealProxy.microsocks(folder)) {
            String at = "http://127.0.0.1:" + squid.openPort();

            Report plain = Probing.run("http://127.0.0.1:" + closed + "/", Map.of("proxy", at));
            Report tunnel = Probing.run("https://127.0.0.1:" + closed + "/", Map.of("proxy", at));
            Report forbidden = Probing.run("https://www.forbidden.example/", Map.of("proxy", at));
            Report overSocks = Probing.run(
                    "http://127.0.0.1:" + closed + "/",
                    Map.of(
                            "proxy",
                            "socks5://" + RealProxy.USER + ":" + RealProxy.PASSWORD + "@127.0.0.1:" + socks.port()));

            assertThat(plain.cause()).as(plain.toString()).contains(Cause.PROXY_FAILED);
            assertThat(plain.message()).contains("could not serve the request: ERR_CONNECT_FAIL", "(503)");
            assertThat(fact(plain, "status")).isEqualTo(503L);
            assertThat(tunnel.cause()).as(tunnel.toString()).contains(Cause.PROXY_FAILED);
            assertThat(tunnel.message())
                    .contains("did not connect to 127.0.0.1:" + closed + ": 503", "ERR_CONNECT_FAIL");
            assertThat(forbidden.message()).contains("403", "ERR_ACCESS_DENIED");
            assertThat(overSocks.cause()).as(overSocks.toString()).contains(Cause.PROXY_FAILED);
            assertThat(overSocks.message()).endsWith("connection refused (SOCKS reply 5)");
        }
    }

    @Test
    void aTargetsOwnErrorThroughAProxyIsTheTargets() throws Exception {
        target.enqueue(new MockResponse.Builder().code(503).body("busy").build());

        Report report = Probing.run(
                "http://127.0.0.1:" + target.getPort() + "/", Map.of("proxy", "http://127.0.0.1:" + squid.openPort()));

        assertThat(report.cause()).as(report.toString()).contains(Cause.SERVER_OVERLOADED);
    }

    @Test
    void aProxyIsSpokenToOverTlsWhereItIsWrittenSo() throws Exception {
        var heard = new StringBuilder();
        try (var tlsProxy = TlsConnect.start(certificates("127.0.0.1"), heard)) {
            secure.enqueue(ok("secure"));
            Map<String, Object> config = new HashMap<>();
            config.put("proxy", "https://127.0.0.1:" + tlsProxy.port());
            config.put("proxy_tls", Map.of("trust", ca.toString()));
            config.put("proxy_headers", Map.of("X-Team", "shop", "Proxy-Tag", "t"));
            config.put("tls", Map.of("trust", ca.toString()));
            config.put("connect_to", "127.0.0.1:" + secure.getPort());

            Report report = Probing.run("https://localhost/", config);
            config.remove("proxy_tls");
            Report untrusted = Probing.run("https://localhost/", config);

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(heard.toString())
                    .startsWith("CONNECT 127.0.0.1:" + secure.getPort() + " HTTP/1.1\r\n")
                    .contains("\r\nX-Team: shop\r\n", "\r\nProxy-Tag: t\r\n", "\r\nUser-Agent: Gatewatch/");
            assertThat(untrusted.cause()).as(untrusted.toString()).contains(Cause.PROXY_FAILED);
            assertThat(untrusted.message()).startsWith("TLS with the proxy 127.0.0.1:" + tlsProxy.port() + " failed: ");
        }
    }

    static Stream<Arguments> badProxies() {
        return Stream.of(
                arguments("http", "HTTP/1.1 502 Bad Gateway\r\nProxy-Status: edge; error=dns_error\r\n\r\n", "502 Bad Gateway (dns_error)"),
                arguments("http", "SSH-2.0-OpenSSH_9.9\r\n\r\n", "does not speak HTTP: SSH-2.0-OpenSSH_9.9"),
                arguments("http", "HTTP/1.1 200", "cut its answer short: HTTP/1.1 200"),
                arguments("http", "", "closed the connection without an answer"),
                arguments("http", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\n\r\n", "wants a login (407)"),
                arguments("http", "HTTP/1.1 403 \r\nX-Big: " + "x".repeat(70_000), "answers with more than 64 kB of headers"),
                arguments("socks5", "HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak SOCKS5"),
                arguments("socks5", "\u0005\u00ff", "wants a login, and there is no proxy_auth"),
                arguments("socks5", "\u0005\u0001", "wants a login of kind 1, which is not supported"),
                arguments("socks5", "\u0005\u0000\u0005\u0002\u0000\u0001", "its rules do not allow it (SOCKS reply 2)"),
                arguments("socks5", "\u0005\u0000\u0005\u0000\u0000\u0009", "does not speak SOCKS5"),
                arguments("socks5", "\u0005", "closed the connection without an answer"),
                arguments("socks5", "", "closed the connection without an answer"));
    }

    @ParameterizedTest
    @MethodSource("badProxies")
    void aProxyThatDoesNotDoAsItShouldIsNamed(String scheme, String says, String message) throws Exception {
        try (var proxy = LocalServer.start(socket -> {
            socket.getOutputStream().write(says.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            LocalServer.drain(socket);
        })) {
            Report report = Probing.run(
                    "https://pay.invalid/", Map.of("proxy", scheme + "://127.0.0.1:" + proxy.port()));

            assertThat(report.cause()).as(report.toString()).contains(Cause.PROXY_FAILED);
            assertThat(report.message()).startsWith("proxy 127.0.0.1:" + proxy.port() + " ").endsWith(message);
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        int closed = LocalServer.closedPort();

        Report report = Probing.run("https://pay.invalid/", Map.of("proxy", "http://127.0.0.1:" + closed));

        assertThat(report.cause()).as(report.toString()).contains(Cause.PROXY_FAILED);
        assertThat(report.message())
                .isEqualTo("proxy 127.0.0.1:" + closed + " refused the connection: nothing listens on the port");
        assertThat(evidence(report)).contains("request (never sent)");
    }

    @Test
    void aProxyWhoseNameDoesNotResolveIsNamed() throws Exception {
        Report report = Probing.run("https://pay.invalid/", Map.of("proxy", "http://proxy.invalid:3128"));

        assertThat(report.cause()).as(report.toString()).contains(Cause.PROXY_FAILED);
        assertThat(report.message()).startsWith("the name of the proxy: ").contains("proxy.invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5", "https"})
    void aSilentProxyEndsTheRunAtItsDeadline(String scheme) throws Exception {
        try (var proxy = LocalServer.silent()) {
            long start = System.nanoTime();

            Report report = Probing.run(
                    Probing.config("https://pay.invalid/", Map.of("proxy", scheme + "://127.0.0.1:" + proxy.port())),
                    Duration.ofMillis(500));

            assertThat(report.cause()).as(report.toString()).contains(Cause.PROXY_FAILED);
            assertThat(report.message()).contains("did not answer within");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void targetsOfNoProxyAreAskedDirectly() throws Exception {
        target.enqueue(ok("direct"));

        Report report = Probing.run(
                "http://localhost:" + target.getPort() + "/",
                Map.of(
                        "proxy", "http://127.0.0.1:" + LocalServer.closedPort(),
                        "no_proxy", List.of("*.corp.example", "localhost", "10.0.0.0/8")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts()).doesNotContainKey("proxy");
        assertThat(report.phases()).doesNotContainKey("proxy");
    }

    @Test
    void aRedirectThroughAProxyMayNotLeadToTheMetadataServiceOrTheProxysOwnHost() throws Exception {
        String at = "http://127.0.0.1:" + squid.openPort();
        for (String to : List.of("http://169.254.169.254/latest/", "http://[fe80::1]/")) {
            target.enqueue(new MockResponse.Builder().code(302).setHeader("Location", to).build());

            Report report = Probing.run("http://127.0.0.1:" + target.getPort() + "/", Map.of("proxy", at));

            assertThat(report.cause()).as(report.toString()).contains(Cause.TARGET_FORBIDDEN);
            assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
        }
        String redirect = "HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n";
        try (Wire proxy = Wire.saying(redirect)) {
            Report report = Probing.run(
                    "http://pay.invalid/", Map.of("proxy", "http://127.0.0.1:" + proxy.port()));

            assertThat(report.cause()).as(report.toString()).contains(Cause.TARGET_FORBIDDEN);
            assertThat(report.message()).contains("a redirect leads to localhost");
        }
    }

    @Test
    void aNameThatOnlyTheProxyKnowsNeedsNoResolverHere() throws Exception {
        try (Wire proxy = Wire.answering((_, out) -> out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                .getBytes(StandardCharsets.US_ASCII)))) {
            Map<String, Object> config = Map.of("proxy", "http://127.0.0.1:" + proxy.port());
            assertThat(Probing.run("http://pay.invalid/", config).outcome()).isEqualTo(Outcome.PASS);

            Report checked = Probing.run(
                    "http://pay.invalid/",
                    Map.of("proxy", "http://127.0.0.1:" + proxy.port(), "proxy_resolves", false));

            assertThat(checked.cause().orElseThrow()).isIn(Cause.DNS_NXDOMAIN, Cause.DNS_SERVFAIL, Cause.DNS_TIMEOUT);
        }
    }

    @Test
    void whereNamesAreResolvedHereTheProxyGetsTheAddress() throws Exception {
        var asked = new StringBuilder();
        try (var tlsProxy = TlsConnect.plain(asked)) {
            secure.enqueue(ok("secure"));

            Report report = Probing.run(
                    "https://localhost:" + secure.getPort() + "/",
                    Map.of(
                            "proxy", "http://127.0.0.1:" + tlsProxy.port(),
                            "proxy_resolves", false,
                            "ip_family", "ip4",
                            "tls", Map.of("trust", ca.toString())));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(asked.toString()).startsWith("CONNECT 127.0.0.1:" + secure.getPort() + " ");
        }
    }

    @Test
    void aDirectAnswerOf407IsTheTargetsOwn() throws Exception {
        target.enqueue(new MockResponse.Builder().code(407).build());

        Report report = Probing.run("http://127.0.0.1:" + target.getPort() + "/");

        assertThat(report.message()).isEqualTo("status 407, expected 2xx");
        assertThat(fact(report, "status")).isEqualTo(407L);
    }

    static Stream<Arguments> mistakes() {
        String form = "a proxy as http://host:port, https://host:port or socks5://host:port";
        return Stream.of(
                arguments(Map.of("proxy", "ftp://x:1"), "proxy: expected " + form + ", found \"ftp://x:1\""),
                arguments(Map.of("proxy", "ftp://u:secret@x:1"), "proxy: expected " + form + ", found something else"),
                arguments(
                        Map.of("no_proxy", "localhost"), "no_proxy: no_proxy says nothing without proxy"),
                arguments(
                        Map.of("proxy", "http://u:p@x:1", "proxy_auth", Map.of("username", "u", "password", "pppp")),
                        "proxy_auth: the proxy's URL names a user already; keep one of both"),
                arguments(
                        Map.of("proxy", "socks5://x", "proxy_headers", Map.of("A", "b")),
                        "proxy_headers: a SOCKS proxy takes no headers"),
                arguments(
                        Map.of("proxy", "http://x", "proxy_headers", Map.of("Host", "b")),
                        "proxy_headers: the header Host is set by the probe itself"),
                arguments(
                        Map.of("proxy", "http://x", "proxy_tls", Map.of("insecure", true)),
                        "proxy_tls: proxy_tls is for a proxy written as https://"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldInWords(Map<String, Object> config, String problem) {
        assertThat(Probing.problems("https://pay.example/", config)).containsExactly(problem);
    }

    private RealProxy real(String which) throws Exception {
        return switch (which) {
            case "squid" -> squid;
            case "tinyproxy" -> RealProxy.tinyproxy(folder);
            default -> RealProxy.microsocks(folder);
        };
    }

    private static void end(RealProxy proxy) {
        if (proxy != squid) {
            proxy.close();
        }
    }

    private static HandshakeCertificates certificates(String name) {
        HeldCertificate leaf = new HeldCertificate.Builder()
                .commonName("test")
                .addSubjectAlternativeName(name)
                .signedBy(CA)
                .build();
        return new HandshakeCertificates.Builder().heldCertificate(leaf).build();
    }

    private static MockResponse ok(String body) {
        return new MockResponse.Builder().body(body).build();
    }
}
