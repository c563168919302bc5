package dev.gatewatch.probes.websocket;

import static dev.gatewatch.probes.tls.Certificates.INTERMEDIATE;
import static dev.gatewatch.probes.tls.Certificates.NOW;
import static dev.gatewatch.probes.tls.Certificates.ROOT;
import static dev.gatewatch.probes.tls.Certificates.serverFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.TokenSource;
import dev.gatewatch.probes.httpclient.TokenSources;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.tls.Certificates;
import dev.gatewatch.probes.tls.TlsServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.tls.HandshakeCertificates;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WebSocketProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final List<AutoCloseable> servers = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stopServers() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    @Override
    protected ProbeType type() {
        return new WebSocketProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of(
                "url",
                url(okhttp(8), "/prices"),
                "ping",
                true,
                "steps",
                List.of(
                        Map.of("expect", "^welcome$"),
                        Map.of("send", "hello"),
                        Map.of("expect", "^you said hello$"),
                        Map.of("send_binary", "AAECAw=="),
                        Map.of("expect", "^\\x00\\x01\\x02\\x03$")));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return Map.of("url", url(okhttp(8), "/"), "steps", List.of(expect("^never$", 0)));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of("url", "ws://127.0.0.1:" + LocalServer.closedPort() + "/");
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(Map.of("url", url(raw(LocalServer::drain))));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        String echo = url(RawPeer.upgraded((socket, out) -> {
            out.write(RawPeer.text("token=" + secret.reveal()));
            out.write(RawPeer.close(1008, "bad " + secret.reveal()));
            LocalServer.drain(socket);
        }));
        return Optional.of(Map.of(
                "url",
                new Secret(echo + "?token=" + secret.reveal()),
                "headers",
                Map.of("X-Api-Key", secret),
                "auth",
                Map.of("bearer", secret),
                "steps",
                List.of(Map.of("send", secret), Map.of("expect", "welcome"))));
    }

    @Test
    void aDialogueIsHeldAndTold() throws Exception {
        Report report = probe(AMPLE, passing());

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "processing", "transfer");
        assertThat(report.facts())
                .containsEntry("status", Fact.of(101))
                .containsEntry("upgraded", Fact.of(true))
                .containsEntry("failed_due_to_regex", Fact.of(false))
                .containsEntry("messages", Fact.of(3))
                .containsEntry("ip_protocol", Fact.of(4))
                .containsKey("ping_seconds");
        assertThat(report.evidence()).isEmpty();
    }

    @Test
    void theRequestCarriesHeadersCredentialSubprotocolAndTrace() throws Exception {
        var server = new MockWebServer();
        server.enqueue(new MockResponse.Builder()
                .webSocketUpgrade(new Talker())
                .addHeader("Sec-WebSocket-Protocol", "graphql-transport-ws")
                .build());
        servers.add(server);
        server.start();
        Map<String, Object> config = Map.of(
                "url",
                url(server, "/graph?lang=en"),
                "subprotocol",
                List.of("graphql-transport-ws", "graphql-ws"),
                "headers",
                Map.of("Origin", "https://shop.example", "Host", "prices.example"),
                "auth",
                Map.of("basic", Map.of("username", "probe", "password", "pass-word-1")));

        Report report = probe(AMPLE, config);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts()).containsEntry("subprotocol", Fact.of("graphql-transport-ws"));
        RecordedRequest request = server.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/graph?lang=en");
        assertThat(request.getHeaders().values("Host")).containsExactly("prices.example");
        assertThat(request.getHeaders().get("Origin")).isEqualTo("https://shop.example");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Basic cHJvYmU6cGFzcy13b3JkLTE=");
        assertThat(request.getHeaders().get("Sec-WebSocket-Protocol")).isEqualTo("graphql-transport-ws, graphql-ws");
        assertThat(request.getHeaders().get("traceparent")).startsWith("00-" + Runs.TRACE_ID + "-");
    }

    @Test
    void aSubprotocolThatTheServerDoesNotChooseIsAMismatch() throws Exception {
        Report report = probe(AMPLE, Map.of("url", url(okhttp(1), "/"), "subprotocol", "mqtt"));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).isEqualTo("the server chose no subprotocol; offered: mqtt");
        assertThat(report.facts()).containsEntry("upgraded", Fact.of(false)).containsEntry("status", Fact.of(101));
    }

    @Test
    void wssIsToldWithThePhaseAndTheFactsOfTheChain() throws Exception {
        MockWebServer server = okhttps();

        Report report = probe(AMPLE, Map.of("url", url(server, "/").replace("ws:", "wss:"), "tls", trust()));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "tls", "processing", "transfer");
        assertThat(report.facts()).containsKeys("tls_version", "cert_expiry", "cert_fingerprint_sha256");
    }

    @Test
    void anUntrustedChainEndsTheRunBeforeAnythingIsSent() throws Exception {
        MockWebServer server = okhttps();

        Report report = probe(AMPLE, Map.of("url", url(server, "/").replace("ws:", "wss:")));

        assertThat(report.cause()).contains(Cause.CERT_UNTRUSTED);
        assertThat(report.facts()).containsKey("cert_expiry");
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aMissingClientCertificateIsSaidSo() throws Exception {
        var server = TlsServer.start(
                serverFor(-60, 30),
                new X509Certificate[] {INTERMEDIATE.certificate()},
                socket -> socket.setNeedClientAuth(true),
                LocalServer::drain);
        servers.add(server);

        Report report = probe(AMPLE, Map.of("url", "wss://" + server.address() + "/", "tls", trust()));

        assertThat(report.cause()).contains(Cause.CLIENT_CERT_REQUIRED);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("401 Unauthorized", "", Cause.CREDENTIAL_MISSING),
                Arguments.of("403 Forbidden", "", Cause.CREDENTIAL_MISSING),
                Arguments.of("429 Too Many Requests", "Retry-After: 30\r\n", Cause.RATE_LIMITED),
                Arguments.of("503 Service Unavailable", "", Cause.SERVER_OVERLOADED),
                Arguments.of("404 Not Found", "", Cause.HTTP_STATUS),
                Arguments.of("200 OK", "", Cause.HTTP_STATUS),
                Arguments.of("302 Found", "Location: https://login.example/\r\n", Cause.HTTP_STATUS),
                Arguments.of("426 Upgrade Required", "", Cause.HTTP_STATUS));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusedUpgradeHasTheCauseOfItsStatus(String status, String header, Cause cause) throws Exception {
        String server = url(raw(socket -> {
            RawPeer.key(socket);
            say(socket, "HTTP/1.1 " + status + "\r\n" + header + "Content-Length: 2\r\n\r\nno");
            LocalServer.drain(socket);
        }));

        Report report = probe(AMPLE, Map.of("url", server));

        assertThat(report.cause()).as(report.message()).contains(cause);
        assertThat(report.message())
                .startsWith("the server refused the WebSocket: status " + status.substring(0, 3) + ", expected 101");
        assertThat(report.facts())
                .containsEntry("status", Fact.of(Integer.parseInt(status.substring(0, 3))))
                .containsEntry("upgraded", Fact.of(false));
        assertThat(report.evidence()).anySatisfy(e -> assertThat(e.text()).contains(status).endsWith("no"));
    }

    @Test
    void aRejectedCredentialIsToldFromAMissingOne() throws Exception {
        String server = url(raw(socket -> {
            RawPeer.key(socket);
            say(socket, "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "10;x=y\r\n{\"code\":\"BAD_KEY\r\n2\r\n\"}\r\n0\r\n\r\n");
            LocalServer.drain(socket);
        }));

        Report report = probe(AMPLE, Map.of("url", server, "auth", Map.of("bearer", "abcdef12345")));

        assertThat(report.cause()).contains(Cause.CREDENTIAL_REJECTED);
        assertThat(report.evidence()).anySatisfy(e -> assertThat(e.text()).endsWith("{\"code\":\"BAD_KEY\"}"));
    }

    @Test
    void aRefusedTokenIsRenewedOnce() throws Exception {
        String server = url(raw(socket -> {
            var request = new byte[4_096];
            int length = socket.getInputStream().read(request);
            boolean fresh = new String(request, 0, length, UTF_8).contains("Bearer fresh-token");
            say(socket, "HTTP/1.1 " + (fresh ? "418 Fresh" : "401 Stale") + "\r\nContent-Length: 0\r\n\r\n");
            LocalServer.drain(socket);
        }));
        var source = new TwoTokens();

        Report report = probe(source, Map.of("url", server, "auth", Map.of("oauth", "shop")));

        assertThat(report.facts()).containsEntry("status", Fact.of(418));
        assertThat(report.phases()).containsKey("token");
        assertThat(source.refused).containsExactly(new Secret("stale-token"));
        assertThat(report.toString()).doesNotContain("stale-token").doesNotContain("fresh-token");
    }

    private static final class TwoTokens implements TokenSource {
        private final List<Secret> refused = new ArrayList<>();

        @Override
        public Secret token(Run run) {
            return new Secret(refused.isEmpty() ? "stale-token" : "fresh-token");
        }

        @Override
        public void refused(Secret token) {
            refused.add(token);
        }
    }

    private static Report probe(TokenSource source, Map<String, Object> config) throws Exception {
        var type = new WebSocketProbeType();
        var sources = new TokenSources() {
            @Override
            public Optional<TokenSource> find(String name) {
                return Optional.of(source);
            }

            @Override
            public List<String> names() {
                return List.of("shop");
            }
        };
        Reading reading = new Reading(new Problems(), Path.of("")).sharing(TokenSources.class, sources);
        try (Probe probe = SectionType.of(type.name(), type.keys(), type::create)
                .read(Sections.node("", config), reading)
                .orElseThrow()) {
            return probe.run(Runs.run(AMPLE, new FakeClock(NOW)));
        }
    }

    static Stream<Arguments> wrongAnswers() {
        return Stream.of(
                Arguments.of(
                        "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm90IG91cnM=\r\n\r\n",
                        Cause.CONTENT_MISMATCH,
                        "does not belong to our key"),
                Arguments.of(
                        "HTTP/1.1 101 OK\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
                        Cause.HTTP_VERSION,
                        "another protocol than WebSocket: Upgrade: h2c"),
                Arguments.of("SSH-2.0-OpenSSH_9.7\r\n", Cause.HTTP_VERSION, "it begins with \"SSH-2\""),
                Arguments.of("HTTP/2 200\r\n\r\n", Cause.HTTP_VERSION, "the answer is not HTTP/1: HTTP/2 200"),
                Arguments.of("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", Cause.HTTP_VERSION, "without a colon"),
                Arguments.of("HTTP/1.1 100 Continue\r\n\r\n".repeat(30), Cause.HTTP_VERSION, "without end"),
                Arguments.of("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(60_000), Cause.BODY_TOO_LARGE, "256 kB"),
                Arguments.of("HTTP/1.1 200 OK\r\nX: y", Cause.CONNECTION_RESET, "without answering"),
                Arguments.of("", Cause.CONNECTION_RESET, "without answering"));
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void anAnswerThatIsNoWebSocketsIsNamed(String answer, Cause cause, String words) throws Exception {
        Report report = probe(
                AMPLE,
                Map.of("url", url(raw(socket -> {
                    RawPeer.key(socket);
                    say(socket, answer);
                }))));

        assertThat(report.cause()).as(report.toString()).contains(cause);
        assertThat(report.message()).contains(words);
    }

    @Test
    void anExtensionThatWasNotOfferedIsAMismatch() throws Exception {
        Report report = probe(
                AMPLE,
                Map.of("url", url(raw(socket -> {
                    String accept = RawPeer.accept(RawPeer.key(socket));
                    say(socket, RawPeer.answer(accept, "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
                }))));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).contains("permessage-deflate");
    }

    @Test
    void otherMessagesArePassedOverUpToTheirBound() throws Exception {
        String server = url(RawPeer.upgraded((socket, out) -> {
            for (int i = 0; i < 5; i++) {
                out.write(RawPeer.text("tick " + i));
            }
            LocalServer.drain(socket);
        }));

        Report found = probe(AMPLE, Map.of("url", server, "steps", List.of(expect("tick 4", 4))));
        Report tooMany = probe(AMPLE, Map.of("url", server, "steps", List.of(expect("tick 4", 3))));
        Report never = probe(SHORT, Map.of("url", server, "steps", List.of(expect("tock", 100))));

        assertThat(found.outcome()).as(found.toString()).isEqualTo(Outcome.PASS);
        assertThat(tooMany.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(tooMany.message())
                .isEqualTo("expected a message with /tick 4/ within 4 messages while taking step 1 of the dialogue, the last was:"
                        + " tick 3");
        assertThat(tooMany.facts()).containsEntry("failed_due_to_regex", Fact.of(true));
        assertThat(tooMany.evidence()).anySatisfy(e -> assertThat(e.text()).isEqualTo("tick 0\ntick 1\ntick 2\ntick 3"));
        assertThat(never.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(never.message()).contains("within 300ms");
    }

    @Test
    void noMessageAtAllIsResponseTimeout() throws Exception {
        String server = url(RawPeer.upgraded((socket, _) -> LocalServer.drain(socket)));

        Report message = probe(SHORT, Map.of("url", server, "steps", List.of(Map.of("expect", "."))));
        Report pong = probe(SHORT, Map.of("url", server, "ping", true));
        Report close = probe(SHORT, Map.of("url", server, "expect", Map.of("close", 1000)));

        assertThat(message.cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(message.message()).isEqualTo("no message came within 300ms while taking step 1 of the dialogue");
        assertThat(message.facts())
                .containsEntry("upgraded", Fact.of(true))
                .containsEntry("failed_due_to_regex", Fact.of(false));
        assertThat(pong.message()).isEqualTo("nothing came within 300ms while waiting for the pong");
        assertThat(close.message()).isEqualTo("nothing came within 300ms while waiting for the server to close");
    }

    @ParameterizedTest
    @CsvSource({
        "1000,CONNECTION_RESET", "1001,CONNECTION_RESET", "1011,CONNECTION_RESET", "1008,REQUEST_REFUSED",
        "1003,REQUEST_INVALID", "1009,REQUEST_INVALID", "1013,SERVER_OVERLOADED", "1012,SERVER_OVERLOADED",
        "4401,CREDENTIAL_MISSING", "3003,PERMISSION_MISSING", "4429,RATE_LIMITED", "4711,REQUEST_REFUSED",
        "4408,RESPONSE_TIMEOUT"
    })
    void anUnexpectedCloseHasTheCauseOfItsCode(int code, Cause cause) throws Exception {
        String server = url(RawPeer.upgraded((socket, out) -> {
            out.write(RawPeer.close(code, "so\nlong"));
            LocalServer.drain(socket);
        }));

        Report report = probe(AMPLE, Map.of("url", server, "steps", List.of(Map.of("expect", "."))));

        assertThat(report.cause()).contains(cause);
        assertThat(report.message()).startsWith("the server closed with " + code).contains("(\"so long\")");
        assertThat(report.facts()).containsEntry("close_code", Fact.of(code));
    }

    @Test
    void aCloseForARejectedCredentialSaysThatOneWasSent() throws Exception {
        String server = url(RawPeer.upgraded((socket, out) -> {
            out.write(RawPeer.close(4401, ""));
            LocalServer.drain(socket);
        }));

        Report report = probe(
                AMPLE,
                Map.of("url", server, "auth", Map.of("bearer", "abcdef12345"), "steps", List.of(Map.of("expect", "."))));

        assertThat(report.cause()).contains(Cause.CREDENTIAL_REJECTED);
    }

    @Test
    void anExpectedCloseIsComparedByItsCode() throws Exception {
        String server = url(RawPeer.upgraded((socket, out) -> {
            out.write(RawPeer.text("bye"));
            out.write(RawPeer.close(4000, "done"));
            LocalServer.drain(socket);
        }));

        Report right = probe(AMPLE, Map.of("url", server, "expect", Map.of("close", List.of(1000, 4000))));
        Report wrong = probe(AMPLE, Map.of("url", server, "expect", Map.of("close", 1000)));

        assertThat(right.outcome()).as(right.toString()).isEqualTo(Outcome.PASS);
        assertThat(wrong.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(wrong.message()).isEqualTo("the server closed with 4000 (\"done\"), expected 1000");
    }

    @Test
    void aFragmentedMessageWithControlFramesBetweenIsOneMessage() throws Exception {
        String server = url(RawPeer.upgraded((socket, out) -> {
            out.write(RawPeer.frame(0x01, "wel".getBytes(UTF_8)));
            out.write(RawPeer.frame(0x89, (byte) 7));
            out.write(RawPeer.frame(0x00));
            out.write(RawPeer.frame(0x80, "come €".getBytes(UTF_8)));
            LocalServer.drain(socket);
        }));

        Report report = probe(AMPLE, Map.of("url", server, "steps", List.of(expect("^welcome €$", 0))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void anOversizedMessageIsRefusedWithoutTakingItsMemory() throws Exception {
        String announced = url(RawPeer.upgraded((socket, out) -> {
            out.write(new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 6, 64, 0, 0});
            out.write(new byte[100_000]);
            LocalServer.drain(socket);
        }));
        String fragmented = url(RawPeer.upgraded((_, out) -> {
            out.write(RawPeer.frame(0x02, new byte[100]));
            while (true) {
                out.write(RawPeer.frame(0x00, new byte[100]));
            }
        }));

        Report whole = probe(AMPLE, Map.of("url", announced, "steps", List.of(Map.of("expect", "x"))));
        Report pieces = probe(
                AMPLE, Map.of("url", fragmented, "max_message", "10kB", "steps", List.of(Map.of("expect", "x"))));

        assertThat(whole.cause()).contains(Cause.BODY_TOO_LARGE);
        assertThat(whole.message())
                .isEqualTo("a message of at least 104857600 bytes, more than max_message (1048576)");
        assertThat(pieces.cause()).contains(Cause.BODY_TOO_LARGE);
    }

    static Stream<Arguments> brokenRules() {
        return Stream.of(
                Arguments.of(new byte[] {(byte) 0xC1, 0}, "reserved bits"),
                Arguments.of(new byte[] {(byte) 0x83, 0}, "unknown frame type 3"),
                Arguments.of(new byte[] {(byte) 0x8B, 0}, "unknown frame type 11"),
                Arguments.of(new byte[] {(byte) 0x81, (byte) 0x81, 1, 2, 3, 4, 5}, "masked"),
                Arguments.of(new byte[] {(byte) 0x80, 0}, "continuation without a message"),
                Arguments.of(new byte[] {0x01, 0, (byte) 0x81, 0}, "begins within another"),
                Arguments.of(new byte[] {0x09, 0}, "control frame is fragmented"),
                Arguments.of(new byte[] {(byte) 0x89, 126, 0, (byte) 200}, "longer than 125"),
                Arguments.of(RawPeer.frame(0x81, (byte) 0xFF, (byte) 0xFE), "not UTF-8"),
                Arguments.of(RawPeer.frame(0x88, (byte) 3), "close frame is malformed"),
                Arguments.of(new byte[] {(byte) 0x82, 127, -1, 0, 0, 0, 0, 0, 0, 0}, "2^63"));
    }

    @ParameterizedTest
    @MethodSource("brokenRules")
    void aPeerThatBreaksTheRulesIsToldSo(byte[] bytes, String words) throws Exception {
        String server = url(RawPeer.upgraded((socket, out) -> {
            out.write(bytes);
            LocalServer.drain(socket);
        }));

        Report report = probe(AMPLE, Map.of("url", server, "steps", List.of(Map.of("expect", "x"))));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).startsWith("the server breaks the rules of WebSocket: ").contains(words);
    }

    @Test
    void endlessFramesEndInACauseByTheirBounds() throws Exception {
        byte[] empty = RawPeer.frame(0x00);
        byte[] ping = RawPeer.frame(0x89);
        byte[] tick = RawPeer.text("tick");
        Report fragments = probe(AMPLE, endless(RawPeer.frame(0x01), empty));
        Report pings = probe(AMPLE, endless(ping, ping));
        Report messages = probe(AMPLE, endless(tick, tick));

        assertThat(fragments.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(fragments.message()).contains("more than 10000 fragments");
        assertThat(pings.message()).contains("more than 10000 control frames");
        assertThat(messages.message()).contains("within 101 messages");
    }

    private Map<String, Object> endless(byte[] first, byte[] again) throws Exception {
        String server = url(RawPeer.upgraded((socket, out) -> {
            Thread.ofVirtual().start(() -> {
                try {
                    LocalServer.drain(socket);
                } catch (IOException _) {
                    // the run is over
                }
            });
            out.write(first);
            byte[] many = new byte[again.length * 1_000];
            for (int i = 0; i < many.length; i++) {
                many[i] = again[i % again.length];
            }
            while (true) {
                out.write(many);
            }
        }));
        return Map.of("url", server, "steps", List.of(Map.of("expect", "never")));
    }

    @Test
    void endlessMessagesWhileWaitingForThePongEndAtTheDeadline() throws Exception {
        String server = url(RawPeer.upgraded((_, out) -> {
            while (true) {
                out.write(RawPeer.text("tick"));
            }
        }));
        long start = System.nanoTime();

        Report report = probe(SHORT, Map.of("url", server, "ping", true));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void aCutAtEachStageIsAReset() throws Exception {
        Report atOnce = probe(AMPLE, Map.of("url", url(raw(LocalServer::reset))));
        Report inHead = probe(
                AMPLE,
                Map.of("url", url(raw(socket -> {
                    RawPeer.key(socket);
                    say(socket, "HTTP/1.1 10");
                    LocalServer.reset(socket);
                }))));
        List<Map<String, Object>> wanted = List.of(Map.of("expect", "x"));
        Report upgraded = probe(
                AMPLE,
                Map.of("url", url(RawPeer.upgraded((socket, _) -> LocalServer.reset(socket))), "steps", wanted));
        Report inFrame = probe(
                AMPLE,
                Map.of("url", url(RawPeer.upgraded((_, out) -> out.write(new byte[] {(byte) 0x81, 100, 1}))), "steps", wanted));

        assertThat(Stream.of(atOnce, upgraded, inFrame)).allSatisfy(report -> assertThat(report.cause())
                .as(report.toString())
                .contains(Cause.CONNECTION_RESET));
        assertThat(inHead.cause()).as(inHead.toString()).isPresent();
        assertThat(inFrame.message()).contains("without a close frame (1006)");
    }

    @Test
    void randomBytesAfterTheUpgradeNeverBreakTheRun() throws Exception {
        var random = new java.util.Random(11);
        String server = url(RawPeer.upgraded((_, out) -> {
            byte[] garbage = new byte[2_000];
            synchronized (random) {
                random.nextBytes(garbage);
            }
            out.write(garbage);
        }));
        for (int i = 0; i < 100; i++) {
            Report report = probe(AMPLE, Map.of("url", server, "steps", List.of(Map.of("expect", "never"))));

            assertThat(report.cause())
                    .as(report.toString())
                    .isPresent()
                    .get()
                    .isNotIn(Cause.INTERNAL_ERROR, Cause.RESPONSE_TIMEOUT);
        }
    }

    @Test
    void aSlowDialogueIsDegraded() throws Exception {
        String server = url(RawPeer.upgraded((socket, out) -> {
            long until = System.nanoTime() + 2_000_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            out.write(RawPeer.text("done"));
            LocalServer.drain(socket);
        }));

        Report report = probe(
                AMPLE,
                Map.of("url", server, "steps", List.of(Map.of("expect", "done")), "expect", Map.of("latency", "1ms")));

        assertThat(report.cause()).contains(Cause.LATENCY_HIGH);
        assertThat(report.message()).endsWith(", more than 1ms");
    }

    @Test
    void largeMessagesGoOutInOneFrame() throws Exception {
        String text = "x".repeat(70_000);
        Map<String, Object> config = Map.of(
                "url",
                url(okhttp(1), "/"),
                "steps",
                List.of(Map.of("send", text), Map.of("expect", "you said x{3}"), Map.of("send", "y".repeat(300)), Map.of("expect", "yyy$")));

        assertThat(probe(AMPLE, config).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void theCommandLinesFormIsTheUrl() {
        assertThat(type().adHoc("wss://pay.example/ws")).contains(Map.of("url", "wss://pay.example/ws"));
        assertThat(type().adHoc("https://pay.example/")).isEmpty();
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        assertProblem(Map.of("url", "https://a.example/"), "expected a URL starting with ws:// or wss://");
        assertProblem(Map.of("url", "ws://u:p@a.example/"), "user name and password do not belong in the URL");
        assertProblem(Map.of("url", "ws://a/", "tls", Map.of("insecure", true)), "tls goes with a wss:// address");
        assertProblem(Map.of("url", "ws://a/", "headers", Map.of("Sec-WebSocket-Key", "x")), "set by the probe itself");
        assertProblem(
                Map.of("url", "ws://a/", "auth", Map.of("bearer", "x"), "headers", Map.of("authorization", "x")),
                "say the same thing");
        assertProblem(Map.of("url", "ws://a/", "steps", List.of(Map.of())), "either sends or expects");
        assertProblem(
                Map.of("url", "ws://a/", "steps", List.of(Map.of("send", "a", "expect", "b"))), "write two steps");
        assertProblem(Map.of("url", "ws://a/", "steps", List.of(Map.of("send", "a", "others", 1))), "goes with expect");
        assertProblem(Map.of("url", "ws://a/", "steps", List.of(Map.of("send_binary", "%"))), "bytes in base64");
        assertProblem(Map.of("url", "ws://a/", "expect", Map.of("close", 99)), "from 1000 to 4999");
    }

    private void assertProblem(Map<String, Object> config, String part) {
        assertThat(Sections.problems(type(), config)).singleElement().asString().contains(part);
    }

    /** Greets, repeats texts and binaries. */
    private static final class Talker extends WebSocketListener {
        @Override
        public void onOpen(WebSocket socket, Response response) {
            socket.send("welcome");
        }

        @Override
        public void onMessage(WebSocket socket, String text) {
            socket.send("you said " + text);
        }

        @Override
        public void onMessage(WebSocket socket, ByteString bytes) {
            socket.send(bytes);
        }

        @Override
        public void onClosing(WebSocket socket, int code, String reason) {
            socket.close(1000, "");
        }
    }

    private MockWebServer okhttp(int connections) throws IOException {
        var server = new MockWebServer();
        servers.add(server);
        for (int i = 0; i < connections; i++) {
            server.enqueue(new MockResponse.Builder().webSocketUpgrade(new Talker()).build());
        }
        server.start();
        return server;
    }

    private MockWebServer okhttps() throws IOException {
        var server = new MockWebServer();
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(serverFor(-60, 30), INTERMEDIATE.certificate())
                .build()
                .sslSocketFactory());
        server.enqueue(new MockResponse.Builder().webSocketUpgrade(new Talker()).build());
        servers.add(server);
        server.start();
        return server;
    }

    private static Map<String, Object> expect(String regex, int others) {
        return Map.of("expect", regex, "others", others);
    }

    private static String url(MockWebServer server, String path) {
        return "ws://127.0.0.1:" + server.getPort() + path;
    }

    private String url(LocalServer server) {
        servers.add(server);
        return "ws://" + server.address() + "/";
    }

    private static LocalServer raw(LocalServer.Talk talk) throws IOException {
        return LocalServer.start(talk);
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private Map<String, Object> trust() throws IOException {
        return new HashMap<>(Map.of("trust", Certificates.write(folder, "ca.pem", ROOT.certificatePem())));
    }

    private Report probe(Duration timeout, Map<String, Object> config) throws Exception {
        try (Probe probe = Sections.probe(type(), config)) {
            return probe.run(Runs.run(timeout, new FakeClock(NOW)));
        }
    }
}
