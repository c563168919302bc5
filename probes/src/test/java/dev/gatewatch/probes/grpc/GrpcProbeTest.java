package dev.gatewatch.probes.grpc;

import static dev.gatewatch.probes.tls.Certificates.INTERMEDIATE;
import static dev.gatewatch.probes.tls.Certificates.NOW;
import static dev.gatewatch.probes.tls.Certificates.ROOT;
import static dev.gatewatch.probes.tls.Certificates.serverFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.tls.Certificates;
import dev.gatewatch.probes.tls.TlsServer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
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
import javax.net.ssl.SSLParameters;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Protocol;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final GrpcServers servers = new GrpcServers();
    private final List<AutoCloseable> others = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stopServers() throws Exception {
        servers.close();
        for (AutoCloseable other : others) {
            other.close();
        }
    }

    @Override
    protected ProbeType type() {
        return new GrpcProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of("target", servers.plain(GrpcServers.health()), "service", "pay.v1.Payments");
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return Map.of("target", servers.plain(GrpcServers.health()), "service", "pay.v1.Refunds");
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of("target", "127.0.0.1:" + LocalServer.closedPort());
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(Map.of("target", raw(LocalServer::drain)));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        String echo = servers.plain(GrpcServers.refusing(
                Status.UNAUTHENTICATED.withDescription("bad token " + secret.reveal() + "\nmore " + secret.reveal())));
        return Optional.of(Map.of(
                "target",
                echo,
                "metadata",
                Map.of("authorization", new Secret("Bearer " + secret.reveal()), "x-note", List.of(secret, "b"))));
    }

    @Test
    void aServingServiceIsToldWithPhasesAndFacts() throws Exception {
        Report report = probe(AMPLE, passing());

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "check");
        assertThat(report.facts())
                .containsEntry("ssl", Fact.of(false))
                .containsEntry("status_code", Fact.of(0))
                .containsEntry("health", Fact.of("SERVING"))
                .containsEntry("serving_status.SERVING", Fact.of(true))
                .containsEntry("serving_status.NOT_SERVING", Fact.of(false))
                .containsEntry("serving_status.UNKNOWN", Fact.of(false))
                .containsEntry("serving_status.SERVICE_UNKNOWN", Fact.of(false))
                .containsEntry("ip_protocol", Fact.of(4));
    }

    @Test
    void theServerAsAWholeIsAskedForByDefault() throws Exception {
        assertThat(probe(AMPLE, Map.of("target", servers.plain(GrpcServers.health())))
                        .outcome())
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void healthThatIsNotServingIsHealthDown() throws Exception {
        String server = servers.plain(GrpcServers.health());

        Report refunds = probe(AMPLE, Map.of("target", server, "service", "pay.v1.Refunds"));
        Report ledger = probe(AMPLE, Map.of("target", server, "service", "pay.v1.Ledger"));

        assertThat(refunds.cause()).contains(Cause.HEALTH_DOWN);
        assertThat(refunds.message()).isEqualTo("service \"pay.v1.Refunds\" reports NOT_SERVING, expected SERVING");
        assertThat(refunds.facts())
                .containsEntry("status_code", Fact.of(0))
                .containsEntry("serving_status.NOT_SERVING", Fact.of(true));
        assertThat(ledger.cause()).contains(Cause.HEALTH_DOWN);
        assertThat(ledger.message()).contains("reports UNKNOWN");
    }

    @Test
    void anUnknownServiceAndAMissingHealthServiceHaveOtherCausesThanOneThatIsDown() throws Exception {
        Report unknown =
                probe(AMPLE, Map.of("target", servers.plain(GrpcServers.health()), "service", "pay.v1.Paymnets"));
        Report missing = probe(AMPLE, Map.of("target", servers.plain()));

        assertThat(unknown.cause()).contains(Cause.REQUEST_INVALID);
        assertThat(unknown.message())
                .isEqualTo("the server knows no service \"pay.v1.Paymnets\" (NOT_FOUND); check the key service");
        assertThat(unknown.facts()).containsEntry("status_code", Fact.of(5));
        assertThat(missing.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(missing.message())
                .startsWith("the server speaks gRPC and has no health service (grpc.health.v1.Health): UNIMPLEMENTED");
        assertThat(missing.facts()).containsEntry("status_code", Fact.of(12));
    }

    @Test
    void aServiceUnknownAnswerIsAnUnknownService() throws Exception {
        String server = servers.plain(GrpcServers.answering(ServingStatus.SERVICE_UNKNOWN));

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).contains(Cause.REQUEST_INVALID);
        assertThat(report.message()).contains("set service");
        assertThat(report.facts()).containsEntry("serving_status.SERVICE_UNKNOWN", Fact.of(true));
    }

    @Test
    void negativeExpectationsHoldTheOtherWayRound() throws Exception {
        String server = servers.plain(GrpcServers.health());

        Report down = probe(
                AMPLE,
                Map.of("target", server, "service", "pay.v1.Refunds", "expect", Map.of("status", "not_serving")));
        Report gone = probe(
                AMPLE,
                Map.of(
                        "target",
                        server,
                        "service",
                        "pay.v0.Payments",
                        "expect",
                        Map.of("status", List.of("service_unknown", "not_serving"))));
        Report up = probe(
                AMPLE,
                Map.of("target", server, "service", "pay.v1.Payments", "expect", Map.of("status", "not_serving")));

        assertThat(down.outcome()).isEqualTo(Outcome.PASS);
        assertThat(gone.outcome()).isEqualTo(Outcome.PASS);
        assertThat(up.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(up.message()).isEqualTo("service \"pay.v1.Payments\" is SERVING, expected NOT_SERVING");
    }

    static Stream<Arguments> statuses() {
        return Stream.of(
                Arguments.of(Status.UNAUTHENTICATED, Cause.CREDENTIAL_MISSING),
                Arguments.of(Status.PERMISSION_DENIED.withDescription("role viewer"), Cause.PERMISSION_MISSING),
                Arguments.of(Status.RESOURCE_EXHAUSTED.withDescription("slow down"), Cause.RATE_LIMITED),
                Arguments.of(Status.UNAVAILABLE.withDescription("draining"), Cause.SERVER_OVERLOADED),
                Arguments.of(Status.INVALID_ARGUMENT, Cause.REQUEST_INVALID),
                Arguments.of(Status.INTERNAL.withDescription("boom"), Cause.CONTENT_MISMATCH),
                Arguments.of(Status.UNKNOWN, Cause.REQUEST_REFUSED),
                Arguments.of(Status.ABORTED, Cause.REQUEST_REFUSED),
                Arguments.of(Status.DEADLINE_EXCEEDED, Cause.RESPONSE_TIMEOUT),
                Arguments.of(Status.CANCELLED, Cause.REQUEST_REFUSED));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void eachStatusHasItsCause(Status status, Cause cause) throws Exception {
        Report report = probe(AMPLE, Map.of("target", servers.plain(GrpcServers.refusing(status))));

        assertThat(report.cause()).as(report.message()).contains(cause);
        assertThat(report.facts())
                .containsEntry("status_code", Fact.of(status.getCode().value()));
        if (status.getDescription() != null) {
            assertThat(report.message()).contains(status.getDescription());
        }
    }

    @Test
    void aRejectedCredentialIsToldFromAMissingOne() throws Exception {
        String server = servers.plain(GrpcServers.refusing(Status.UNAUTHENTICATED));

        Report report =
                probe(AMPLE, Map.of("target", server, "metadata", Map.of("authorization", "Bearer abcdef123456")));

        assertThat(report.cause()).contains(Cause.CREDENTIAL_REJECTED);
        assertThat(report.toString()).doesNotContain("abcdef123456");
    }

    @Test
    void metadataAndAuthorityArriveAtTheServer() throws Exception {
        Map<String, Object> config = Map.of(
                "target",
                servers.plain(GrpcServers.health()),
                "authority",
                "pay.example:8443",
                "metadata",
                Map.of("x-tenant", List.of("shop", "bank"), "x-trace-bin", "AAEC/w=="));

        assertThat(probe(AMPLE, config).outcome()).isEqualTo(Outcome.PASS);

        Metadata seen = servers.calls.getFirst();
        assertThat(seen.getAll(Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER)))
                .containsExactly("shop", "bank");
        assertThat(seen.get(Metadata.Key.of("x-trace-bin", Metadata.BINARY_BYTE_MARSHALLER)))
                .containsExactly(0, 1, 2, 255);
        assertThat(servers.authorities).containsExactly("pay.example:8443");
    }

    @Test
    void aNameWithAnUnderscoreIsTakenAsAuthority() throws Exception {
        Map<String, Object> config =
                Map.of("target", servers.plain(GrpcServers.health()), "authority", "pay_service.internal");

        Report report = probe(AMPLE, config);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void tlsIsToldInFactsAndAPhase() throws Exception {
        String server = servers.tls(serverFor(-60, 30), ClientAuth.NONE, GrpcServers.health());

        Report report = probe(AMPLE, Map.of("target", server, "tls", trust()));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.phases()).containsOnlyKeys("resolve", "connect", "tls", "check");
        assertThat(report.facts())
                .containsEntry("ssl", Fact.of(true))
                .containsKeys("tls_version", "cert_expiry", "cert_fingerprint_sha256");
    }

    @Test
    void aFaultOfTheChainEndsTheRunAndItsFactsStay() throws Exception {
        Report expired = probe(
                AMPLE,
                Map.of(
                        "target",
                        servers.tls(serverFor(-60, -1), ClientAuth.NONE, GrpcServers.health()),
                        "tls",
                        trust()));
        Report untrusted = probe(
                AMPLE,
                Map.of(
                        "target",
                        servers.tls(serverFor(-60, 30), ClientAuth.NONE, GrpcServers.health()),
                        "tls",
                        true));

        assertThat(expired.cause()).contains(Cause.CERT_EXPIRED);
        assertThat(expired.facts())
                .containsKey("cert_expiry")
                .containsEntry("ssl", Fact.of(false))
                .containsEntry("status_code", Fact.of(14));
        assertThat(untrusted.cause()).contains(Cause.CERT_UNTRUSTED);
        assertThat(servers.calls).isEmpty();
    }

    @Test
    void aClientCertificateIsSentAndItsLackIsNamed() throws Exception {
        String server = servers.tls(serverFor(-60, 30), ClientAuth.REQUIRE, GrpcServers.health());
        Map<String, Object> known = identity(client().signedBy(INTERMEDIATE).build(), "known");
        Map<String, Object> stranger = identity(client().build(), "stranger");

        Report with = probe(AMPLE, Map.of("target", server, "tls", known));
        Report without = probe(AMPLE, Map.of("target", server, "tls", trust()));
        Report wrong = probe(AMPLE, Map.of("target", server, "tls", stranger));

        assertThat(with.outcome()).as(with.toString()).isEqualTo(Outcome.PASS);
        assertThat(without.cause()).as(without.message()).contains(Cause.CLIENT_CERT_REQUIRED);
        assertThat(wrong.cause()).as(wrong.message()).contains(Cause.CLIENT_CERT_REJECTED);
    }

    /** Valid by the server's clock, which is the real one. */
    private static HeldCertificate.Builder client() {
        return new HeldCertificate.Builder().commonName("client");
    }

    @Test
    void aRejectionAfterTheHandshakeOfTls13IsHeard() throws Exception {
        var server = TlsServer.start(
                serverFor(-60, 30),
                new X509Certificate[] {INTERMEDIATE.certificate()},
                socket -> {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(new String[] {"h2"});
                    parameters.setNeedClientAuth(true);
                    socket.setSSLParameters(parameters);
                },
                LocalServer::drain);
        others.add(server);

        Report without = probe(AMPLE, Map.of("target", server.address(), "tls", trust()));
        Report wrong =
                probe(AMPLE, Map.of("target", server.address(), "tls", identity(client().build(), "stranger")));

        assertThat(without.facts()).containsEntry("tls_version", Fact.of("TLS 1.3"));
        assertThat(without.cause()).as(without.message()).contains(Cause.CLIENT_CERT_REQUIRED);
        assertThat(wrong.cause()).as(wrong.message()).contains(Cause.CLIENT_CERT_REJECTED);
    }

    @Test
    void aTlsServerWithoutHttp2IsHttpVersion() throws Exception {
        var server = TlsServer.presenting(serverFor(-60, 30), INTERMEDIATE.certificate());
        others.add(server);

        Report report = probe(AMPLE, Map.of("target", server.address(), "tls", trust()));

        assertThat(report.cause()).contains(Cause.HTTP_VERSION);
        assertThat(report.message()).contains("ALPN");
    }

    @Test
    void plainTextToATlsPortSaysSo() throws Exception {
        String server = servers.tls(serverFor(-60, 30), ClientAuth.NONE, GrpcServers.health());

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).as(report.message()).contains(Cause.TLS_HANDSHAKE);
        assertThat(report.message()).contains("set tls: true");
    }

    @Test
    void tlsToAPlainPortSaysSo() throws Exception {
        Report report = probe(
                Duration.ofSeconds(2), Map.of("target", servers.plain(GrpcServers.health()), "tls", trust()));

        assertThat(report.cause()).as(report.message()).contains(Cause.TLS_HANDSHAKE);
    }

    @Test
    void aHangingServerEndsAtTheTimeout() throws Exception {
        String server = servers.plain(GrpcServers.hanging());
        long start = System.nanoTime();

        Report report = probe(SHORT, Map.of("target", server));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(report.message()).isEqualTo("no answer to the health check within 300ms");
        assertThat(report.facts()).containsEntry("status_code", Fact.of(4));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.plusSeconds(2));
    }

    @Test
    void aServerThatSpeaksHttp11IsHttpVersion() throws Exception {
        String server = raw(socket -> {
            socket.getInputStream().readNBytes(24);
            say(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            LocalServer.drain(socket);
        });

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).contains(Cause.HTTP_VERSION);
        assertThat(report.message()).endsWith("it says: HTTP/1.1 400 Bad Request");
    }

    @Test
    void aServerThatSpeaksAnotherProtocolIsHttpVersion() throws Exception {
        String server = raw(socket -> {
            say(socket, "SSH-2.0-OpenSSH_9.7\r\n");
            LocalServer.drain(socket);
        });

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).contains(Cause.HTTP_VERSION);
        assertThat(report.message()).endsWith("it says: SSH-2.0-OpenSSH_9.7");
    }

    @Test
    void garbageEndsInACause() throws Exception {
        byte[] garbage = new byte[100_000];
        new java.util.Random(7).nextBytes(garbage);
        String server = raw(socket -> {
            while (true) {
                socket.getOutputStream().write(garbage);
            }
        });

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).contains(Cause.HTTP_VERSION);
        assertThat(report.message()).matches("\\P{Cntrl}*");
    }

    @Test
    void aServerThatCutsTheConnectionAtEachStageIsAReset() throws Exception {
        byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
        Report atOnce = probe(AMPLE, Map.of("target", raw(LocalServer::reset)));
        Report afterPreface = probe(
                AMPLE,
                Map.of("target", raw(socket -> {
                    socket.getInputStream().readNBytes(24);
                    LocalServer.reset(socket);
                })));
        Report afterSettings = probe(
                AMPLE,
                Map.of("target", raw(socket -> {
                    socket.getOutputStream().write(settings);
                    socket.getInputStream().readNBytes(80);
                    LocalServer.reset(socket);
                })));
        Report closed = probe(AMPLE, Map.of("target", raw(socket -> socket.getInputStream().readNBytes(24))));

        assertThat(Stream.of(atOnce, afterPreface, afterSettings, closed))
                .allSatisfy(report -> assertThat(report.cause())
                        .as(report.toString())
                        .contains(Cause.CONNECTION_RESET));
        assertThat(afterSettings.message()).isEqualTo("the server cut the connection before it answered the health check");
    }

    static Stream<Arguments> floods() {
        // RFC 9113, section 4.1: length, type, flags, stream
        byte[] ping = new byte[17];
        ping[2] = 8;
        ping[3] = 6;
        byte[] headers = {0, 0, 1, 1, 0, 0, 0, 0, 3, (byte) 0x88};
        byte[] continuation = new byte[9 + 16_000];
        continuation[1] = (byte) (16_000 >> 8);
        continuation[2] = (byte) (16_000 & 0xFF);
        continuation[3] = 9;
        continuation[8] = 3;
        java.util.Arrays.fill(continuation, 9, continuation.length, (byte) 0x82);
        return Stream.of(
                Arguments.of("pings", ping, ping),
                Arguments.of("settings", new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}, new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}),
                Arguments.of("headers", headers, continuation));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void aFloodOfFramesEndsTheRun(String what, byte[] first, byte[] again) throws Exception {
        String server = raw(socket -> {
            Thread.ofVirtual().start(() -> {
                try {
                    LocalServer.drain(socket);
                } catch (IOException _) {
                    // the run is over
                }
            });
            socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            socket.getOutputStream().write(first);
            while (true) {
                socket.getOutputStream().write(again);
            }
        });

        Report report = probe(Duration.ofSeconds(5), Map.of("target", server));

        assertThat(report.cause()).as(what + " " + report).contains(Cause.BODY_TOO_LARGE);
        assertThat(report.message()).isEqualTo("the server sent more than 80 kB and no answer to the health check");
    }

    @Test
    void anAnswerThatIsTooLargeIsNotTaken() throws Exception {
        var padded = HealthCheckResponse.newBuilder()
                .setStatus(ServingStatus.SERVING)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[100_000]))
                                        .build())
                        .build())
                .build();

        Report report = probe(AMPLE, Map.of("target", servers.plain(GrpcServers.answering(padded))));

        assertThat(report.cause()).as(report.toString()).contains(Cause.BODY_TOO_LARGE);
    }

    static Stream<Arguments> httpAnswers() {
        return Stream.of(
                Arguments.of(404, Cause.HTTP_STATUS),
                Arguments.of(502, Cause.HTTP_STATUS),
                Arguments.of(401, Cause.CREDENTIAL_MISSING),
                Arguments.of(403, Cause.PERMISSION_MISSING),
                Arguments.of(429, Cause.RATE_LIMITED),
                Arguments.of(503, Cause.SERVER_OVERLOADED),
                Arguments.of(200, Cause.CONTENT_MISMATCH));
    }

    @ParameterizedTest
    @MethodSource("httpAnswers")
    void anHttp2AnswerThatIsNotGrpcIsNamedByItsStatus(int code, Cause cause) throws Exception {
        var server = new MockWebServer();
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.enqueue(new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", "text/html; charset=utf-8")
                .body("<html>no gRPC\nhere</html>")
                .build());
        server.start();
        others.add(server);

        Report report = probe(AMPLE, Map.of("target", "127.0.0.1:" + server.getPort()));

        assertThat(report.cause()).as(report.toString()).contains(cause);
        assertThat(report.message()).contains("HTTP " + code + " with text/html instead of gRPC");
        assertThat(report.evidence()).anySatisfy(e -> assertThat(e.text()).contains("no gRPC\nhere"));
    }

    @Test
    void aSlowAnswerIsDegraded() throws Exception {
        Map<String, Object> config = new HashMap<>(passing());
        config.put("target", raw(socket -> relayLate(socket, (String) passing().get("target"))));
        config.put("expect", Map.of("latency", "1ms"));

        Report report = probe(AMPLE, config);

        assertThat(report.cause()).as(report.toString()).contains(Cause.LATENCY_HIGH);
    }

    /** A proxy that keeps its client waiting for 2 ms at least. */
    private static void relayLate(Socket client, String to) throws IOException {
        long until = System.nanoTime() + 2_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        int colon = to.indexOf(':');
        try (var server = new Socket(to.substring(0, colon), Integer.parseInt(to.substring(colon + 1)))) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.getInputStream().transferTo(server.getOutputStream());
                } catch (IOException _) {
                    // the run is over
                }
            });
            server.getInputStream().transferTo(client.getOutputStream());
        }
    }

    @Test
    void anUnusableFamilyIsSaidSo() throws Exception {
        Report report = probe(AMPLE, Map.of("target", servers.plain(GrpcServers.health()), "ip_family", "ip6"));

        assertThat(report.cause()).contains(Cause.DNS_NO_ADDRESS);
    }

    @Test
    void noThreadIsLeftAfterRuns() throws Exception {
        String good = servers.plain(GrpcServers.health());
        String hanging = servers.plain(GrpcServers.hanging());
        String garbage = raw(socket -> say(socket, "garbage garbage garbage"));
        probe(AMPLE, Map.of("target", good));
        long before = platformThreads();

        for (int i = 0; i < 10; i++) {
            probe(AMPLE, Map.of("target", good));
            probe(AMPLE, Map.of("target", garbage));
            probe(Duration.ofMillis(20), Map.of("target", hanging));
        }

        assertThat(platformThreads()).isLessThanOrEqualTo(before + 1);
        Waiting.await().until(() -> virtualGrpcThreads() == 0);
    }

    /** The library's own pools would show among these. */
    private static long platformThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("grpc"))
                .count();
    }

    private static long virtualGrpcThreads() throws Exception {
        Path dump = java.nio.file.Files.createTempDirectory("threads").resolve("dump.json");
        java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        String text = java.nio.file.Files.readString(dump);
        return text.lines().filter(l -> l.contains("\"probe-grpc-")).count();
    }

    @Test
    void theCommandLinesFormIsTheTarget() {
        assertThat(type().adHoc("grpc://pay.example:50051")).contains(Map.of("target", "pay.example:50051"));
        assertThat(type().adHoc("grpcs://pay.example:443"))
                .contains(Map.of("target", "pay.example:443", "tls", "true"));
        assertThat(type().adHoc("tcp:pay.example:443")).isEmpty();
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        assertProblem(Map.of("target", "pay.example"), "expected host:port");
        assertProblem(Map.of("target", "a:1", "service", "pay v1"), "expected a gRPC service name");
        assertProblem(Map.of("target", "a:1", "expect", Map.of("status", "servin")), "did you mean \"serving\"?");
        assertProblem(Map.of("target", "a:1", "metadata", Map.of("X-Tenant", "a")), "expected a metadata name");
        assertProblem(Map.of("target", "a:1", "metadata", Map.of("grpc-timeout", "1S")), "expected a metadata name");
        assertProblem(Map.of("target", "a:1", "metadata", Map.of("x", "a\nb")), "one line without control");
        assertProblem(Map.of("target", "a:1", "metadata", Map.of("x", "naïve")), "name it x-bin");
        assertProblem(Map.of("target", "a:1", "metadata", Map.of("x-bin", "%%%")), "to be written in base64");
        assertProblem(Map.of("target", "a:1", "authority", "a b"), "expected a host with or without a port");
    }

    private void assertProblem(Map<String, Object> config, String part) {
        assertThat(Sections.problems(type(), config)).singleElement().asString().contains(part);
    }

    private Map<String, Object> trust() throws IOException {
        return Map.of("trust", Certificates.write(folder, "ca.pem", ROOT.certificatePem()));
    }

    private Map<String, Object> identity(HeldCertificate own, String name) throws IOException {
        var tls = new HashMap<>(trust());
        tls.put("cert", Certificates.write(folder, name + ".pem", own.certificatePem(), INTERMEDIATE.certificatePem()));
        tls.put("key", Certificates.write(folder, name + "-key.pem", own.privateKeyPkcs8Pem()));
        return tls;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private String raw(LocalServer.Talk talk) throws IOException {
        var server = LocalServer.start(talk);
        others.add(server);
        return server.address();
    }

    private Report probe(Duration timeout, Map<String, Object> config) throws Exception {
        try (Probe probe = Sections.probe(type(), config)) {
            return probe.run(Runs.run(timeout, new FakeClock(NOW)));
        }
    }
}
