package dev.gatewatch.probes.tlspolicy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.tls.Certificates;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsPolicyProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final HeldCertificate EC = Certificates.serverFor(-60, 30);
    private static final HeldCertificate RSA = Certificates.server().rsa2048().build();

    /** A ServerHello of SSL 3.0 that takes TLS_RSA_WITH_RC4_128_SHA, in a record. */
    private static final byte[] SSL3_HELLO =
            HexFormat.of().parseHex("160300002a" + "02000026" + "0300" + "11".repeat(32) + "00" + "0005" + "00");

    private final List<Closeable> servers = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stopServers() throws IOException {
        for (Closeable server : servers) {
            server.close();
        }
    }

    @Override
    protected ProbeType type() {
        return new TlsPolicyProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of("target", openssl(EC, "-cipher", "ECDHE+AESGCM"));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return Map.of("target", openssl(EC, "-tls1_1", "-cipher", "ALL@SECLEVEL=0"));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of("target", "127.0.0.1:" + LocalServer.closedPort());
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(Map.of("target", serve(LocalServer::drain)));
    }

    @Test
    void aServerOfModernSuitesMeetsTheIntermediatePolicy() throws Exception {
        Report report = probe(AMPLE, passing());

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts())
                .containsEntry("offered.tls13", Fact.of(true))
                .containsEntry("offered.tls12", Fact.of(true))
                .containsEntry("offered.tls11", Fact.of(false))
                .containsEntry("offered.tls10", Fact.of(false))
                .containsEntry("offered.ssl3", Fact.of(false))
                .containsEntry("offered.ecdhe_aead", Fact.of(true))
                .containsEntry("offered.rsa_cbc", Fact.of(false))
                .containsEntry("weak_accepted", Fact.of(0.0))
                .containsEntry("tls_version", Fact.of("TLS 1.3"))
                .containsKeys("cert_fingerprint_sha256", "cert_days_left");
        assertThat(evidence(report, "offers"))
                .contains("tls13            accepted [as wanted] TLS 1.3, TLS_AES_128_GCM_SHA256")
                .contains("tls11            refused  [as wanted] alert handshake_failure: the server accepts nothing in the offer")
                .contains("rsa_cbc          refused  [as wanted] alert handshake_failure");
    }

    @Test
    void aServerOfTls11OnlyIsTlsVersion() throws Exception {
        Report report = probe(AMPLE, failing());

        assertThat(report.cause()).contains(Cause.TLS_VERSION);
        assertThat(report.message())
                .isEqualTo("the server refuses TLS 1.3 and TLS 1.2, which policy intermediate wants accepted"
                        + " (alert protocol_version: the server does not accept this version); it accepts TLS 1.1");
        assertThat(also(report)).contains("tls_weak_accepted").contains("tls_cipher");
        assertThat(report.facts())
                .containsEntry("tls_version", Fact.of("TLS 1.1"))
                .containsEntry("tls_cipher", Fact.of("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"));
    }

    @Test
    void oldVersionsThatAreAcceptedAreAllNamed() throws Exception {
        Report report = probe(AMPLE, Map.of("target", openssl(EC, "-cipher", "ECDHE+AESGCM:ECDHE+AES@SECLEVEL=0")));

        assertThat(report.cause()).contains(Cause.TLS_WEAK_ACCEPTED);
        assertThat(report.message())
                .isEqualTo("the server accepts TLS 1.1, TLS 1.0 and ECDHE with a CBC cipher"
                        + " (TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA and 3 more), which policy intermediate wants refused");
        assertThat(report.facts()).containsEntry("weak_accepted", Fact.of(3.0)).containsEntry("tls_version", Fact.of("TLS 1.3"));
        assertThat(evidence(report, "accepted suites that must be refused"))
                .startsWith("ecdhe_cbc: TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA ")
                .contains("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384");
    }

    @ParameterizedTest
    @CsvSource({
        "AES128-SHA, rsa_cbc, RSA key exchange with a CBC cipher (TLS_RSA_WITH_AES_128_CBC_SHA)",
        "AES128-GCM-SHA256, rsa_aead, RSA key exchange with an AEAD cipher (TLS_RSA_WITH_AES_128_GCM_SHA256)",
        "NULL-SHA256, null_encryption, suites without encryption (TLS_RSA_WITH_NULL_SHA256)",
        "ADH-AES128-SHA, anonymous, anonymous key exchange (TLS_DH_anon_WITH_AES_128_CBC_SHA)",
        "DHE-RSA-AES128-SHA, dhe_cbc, DHE with a CBC cipher (TLS_DHE_RSA_WITH_AES_128_CBC_SHA)",
    })
    void weakSuitesAreToldByGroupAndName(String cipher, String group, String words) throws Exception {
        String server = openssl(RSA, "-no_tls1", "-no_tls1_1", "-cipher", "ECDHE+AESGCM:" + cipher + "@SECLEVEL=0");

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).as(report.toString()).contains(Cause.TLS_WEAK_ACCEPTED);
        assertThat(report.message()).contains("accepts " + words).endsWith("which policy intermediate wants refused");
        assertThat(report.facts()).containsEntry("offered." + group, Fact.of(true));
    }

    @Test
    void suitesThatMustBeAcceptedAndAreNotAreTlsCipher() throws Exception {
        String server = openssl(RSA, "-no_tls1", "-no_tls1_1", "-cipher", "AES256-GCM-SHA384");

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).contains(Cause.TLS_CIPHER);
        assertThat(report.message())
                .startsWith("the server refuses ECDHE with an AEAD cipher, which policy intermediate wants accepted"
                        + " (alert handshake_failure");
    }

    @Test
    void aSmallDiffieHellmanGroupIsWeak() throws Exception {
        Path parameters = folder.resolve("dh.pem");
        Files.writeString(parameters, dhPem());
        String server = openssl(
                RSA, "-no_tls1", "-no_tls1_1", "-dhparam", parameters.toString(), "-cipher",
                "ECDHE+AESGCM:DHE+AESGCM@SECLEVEL=0");

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).as(report.toString()).contains(Cause.TLS_WEAK_ACCEPTED);
        assertThat(report.message()).contains("a Diffie-Hellman group of 1024 bits (at least 2048 are wanted)");
        assertThat(report.facts()).containsEntry("dh_bits", Fact.of(1_024.0));
        assertThat(probe(AMPLE, Map.of("target", server, "least_dh_bits", 1_024)).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aWeakKeyInTheCertificateIsToldUnderThePolicyToo() throws Exception {
        String server = openssl(Certificates.weakKey(), "-no_tls1", "-no_tls1_1", "-cipher", "ECDHE+AESGCM@SECLEVEL=0");

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_WEAK);
        assertThat(report.facts()).containsEntry("tls_version", Fact.of("TLS 1.3")).containsKey("cert_days_left");
    }

    @Test
    void aRealNginxWithDebiansSettingsIsHeldToThePolicy() throws Exception {
        int port = LocalServer.closedPort();
        Path pem = Files.writeString(folder.resolve("site.pem"), RSA.certificatePem() + RSA.privateKeyPkcs8Pem());
        Path configuration = Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off;
                pid %1$s/nginx.pid;
                error_log stderr;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u;
                  scgi_temp_path %1$s/s;
                  server {
                    listen 127.0.0.1:%2$d ssl;
                    ssl_certificate %3$s; ssl_certificate_key %3$s;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    ssl_prefer_server_ciphers on;
                  }
                }
                """
                        .formatted(folder, port, pem));
        Process nginx = new ProcessBuilder(Components.require("nginx").toString(), "-c", configuration.toString(), "-e", "stderr")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        servers.add(nginx::destroy);
        Waiting.await().until(() -> {
            try (var socket = new Socket("127.0.0.1", port)) {
                return socket.isConnected();
            } catch (IOException _) {
                return false;
            }
        });

        Report report = probe(AMPLE, Map.of("target", "127.0.0.1:" + port));

        assertThat(report.cause()).as(report.toString()).contains(Cause.TLS_WEAK_ACCEPTED);
        assertThat(report.message()).contains("ECDHE with a CBC cipher").contains("RSA key exchange with a CBC cipher");
        assertThat(report.facts())
                .containsEntry("offered.tls13", Fact.of(true))
                .containsEntry("offered.tls12", Fact.of(true))
                .containsEntry("offered.tls11", Fact.of(false))
                .containsEntry("offered.anonymous", Fact.of(false));
    }

    @Test
    void theModernPolicyAsksForNoSuiteOfAServerOfTls13Only() throws Exception {
        Report report = probe(AMPLE, Map.of("target", openssl(EC, "-tls1_3"), "policy", "modern"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(evidence(report, "offers")).contains("rsa_cbc          refused  [allowed] not offered, as no version");
    }

    @Test
    void ownListsGoOverThePolicy() throws Exception {
        String server = openssl(RSA, "-no_tls1_3", "-no_tls1", "-no_tls1_1", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA");
        Map<String, Object> own = Map.of(
                "target",
                server,
                "accept",
                List.of("rsa_cbc", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                "refuse",
                List.of("tls13", "TLS_RSA_WITH_AES_256_CBC_SHA"));

        Report report = probe(AMPLE, own);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts())
                .containsEntry("offered.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Fact.of(true))
                .containsEntry("offered.TLS_RSA_WITH_AES_256_CBC_SHA", Fact.of(false));
    }

    @Test
    void sslV3IsOfferedInItsOwnHello() throws Exception {
        Report report = probe(AMPLE, Map.of("target", serve(TlsPolicyProbeTest::ssl3Only)));

        assertThat(report.cause()).contains(Cause.TLS_VERSION);
        assertThat(report.message()).endsWith("it accepts SSL 3.0");
        assertThat(report.facts())
                .containsEntry("offered.ssl3", Fact.of(true))
                .containsEntry("offered.tls12", Fact.of(false))
                .containsEntry("tls_cipher", Fact.of("TLS_RSA_WITH_RC4_128_SHA"));
        assertThat(evidence(report, "offers")).contains("tls12            refused  [must be accepted] answers with SSL 3.0");
    }

    /** Answers any hello as a server of 1996 does. */
    private static void ssl3Only(Socket socket) throws IOException {
        hello(socket);
        socket.getOutputStream().write(SSL3_HELLO);
        LocalServer.drain(socket);
    }

    /** Reads one record. */
    private static byte[] hello(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        byte[] head = in.readNBytes(5);
        return in.readNBytes(((head[3] & 0xFF) << 8) | (head[4] & 0xFF));
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 400 Bad Request\r\n\r\n', the server answered without TLS: \"HTTP/1.1 400 Bad Request\"",
        "'220 mail.example ready\r\n', the server answered without TLS: \"220 mail.example ready\"",
        "x, the server answered without TLS: \"x\"",
    })
    void aServerThatDoesNotSpeakTlsIsQuoted(String answer, String message) throws Exception {
        String server = serve(socket -> {
            hello(socket);
            socket.getOutputStream().write(answer.getBytes(UTF_8));
        });

        Report report = probe(AMPLE, Map.of("target", server));

        assertThat(report.cause()).contains(Cause.TLS_HANDSHAKE);
        assertThat(report.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource({
        "160301ffff, TLS_HANDSHAKE",
        "1603030004020fffff, TLS_HANDSHAKE",
        "16030300040200000a, TLS_HANDSHAKE",
        "160303000802000004ffffffff, TLS_HANDSHAKE",
        "16030300040b000000, TLS_HANDSHAKE",
        "1603030000, TLS_HANDSHAKE",
        "15030300010a, TLS_HANDSHAKE",
        "1503030002015a, TLS_HANDSHAKE",
        "1503030002022800, TLS_VERSION",
        "ffffffffffff, TLS_HANDSHAKE",
    })
    void brokenAnswersEndInACause(String hex, Cause cause) throws Exception {
        String server = serve(socket -> {
            hello(socket);
            socket.getOutputStream().write(HexFormat.of().parseHex(hex));
        });

        assertThat(probe(AMPLE, Map.of("target", server)).cause()).contains(cause);
    }

    @Test
    void aServerThatCutsEveryOfferIsConnectionReset() throws Exception {
        String server = serve(socket -> {
            hello(socket);
            LocalServer.reset(socket);
        });

        assertThat(probe(AMPLE, Map.of("target", server)).cause()).contains(Cause.CONNECTION_RESET);
    }

    @Test
    void aServerThatClosesOnEveryOfferIsTlsHandshake() throws Exception {
        assertThat(probe(AMPLE, Map.of("target", serve(TlsPolicyProbeTest::hello))).cause()).contains(Cause.TLS_HANDSHAKE);
    }

    @Test
    void aSilentServerIsResponseTimeout() throws Exception {
        Report report = probe(SHORT, Map.of("target", serve(LocalServer::drain)));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(report.message()).isEqualTo("the server answered no offer of TLS within 400ms");
    }

    @Test
    void endlessRecordsAreCutOff() throws Exception {
        byte[] warning = HexFormat.of().parseHex("15030300020170");
        byte[] certificate = HexFormat.of().parseHex("16030340000b1fffff" + "00".repeat(0x3FFC));
        for (byte[] record : List.of(warning, certificate)) {
            String server = serve(socket -> {
                hello(socket);
                while (true) {
                    socket.getOutputStream().write(record);
                }
            });

            assertThat(probe(AMPLE, Map.of("target", server)).cause()).contains(Cause.TLS_HANDSHAKE);
        }
    }

    @Test
    void aServerThatBreaksOffBehindItsHelloIsNoGoodServer() throws Exception {
        byte[] hello = HexFormat.of()
                .parseHex("160303002c" + "02000028" + "0303" + "22".repeat(32) + "00" + "c02f" + "00" + "0000");
        String server = serve(socket -> {
            hello(socket);
            socket.getOutputStream().write(hello);
            LocalServer.reset(socket);
        });

        Report report = probe(AMPLE, Map.of("target", server, "policy", "none", "accept", List.of("tls12")));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECTION_RESET);
        assertThat(report.message()).startsWith("the server accepts an offer, and then: ");
    }

    @Test
    void offersAreMadeBehindStartTls() throws Exception {
        String server = serve(socket -> {
            if (Arrays.equals(socket.getInputStream().readNBytes(8), HexFormat.of().parseHex("0000000804d2162f"))) {
                socket.getOutputStream().write('S');
                hello(socket);
                socket.getOutputStream().write(HexFormat.of().parseHex("15030300020228"));
            }
        });

        Report report = probe(AMPLE, Map.of("target", server, "starttls", "postgresql"));

        assertThat(report.cause()).contains(Cause.TLS_VERSION);
        assertThat(report.message()).contains("alert handshake_failure");
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        assertProblem(Map.of("target", "a", "refuse", List.of("tls9")), "refuse[0]: expected one of ssl3, tls10");
        assertProblem(Map.of("target", "a", "policy", "none"), "policy none needs accept or refuse");
        assertProblem(
                Map.of("target", "a", "accept", List.of("tls12"), "refuse", List.of("tls12")), "stands in accept too");
    }

    private void assertProblem(Map<String, Object> config, String part) {
        assertThat(Sections.problems(type(), config)).singleElement().asString().contains(part);
    }

    private static String evidence(Report report, String title) {
        return report.evidence().stream()
                .filter(e -> e.title().equals(title))
                .map(Evidence::text)
                .collect(Collectors.joining("\n"));
    }

    private static String also(Report report) {
        return evidence(report, "also");
    }

    /** The 1024-bit group of RFC 2409 section 6.2 as openssl reads it: a sequence of prime and generator. */
    private static String dhPem() {
        byte[] prime = new BigInteger(
                        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
                                + "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
                                + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
                        16)
                .toByteArray();
        String der = "308187028181" + HexFormat.of().formatHex(prime) + "020102";
        return "-----BEGIN DH PARAMETERS-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(HexFormat.of().parseHex(der))
                + "\n-----END DH PARAMETERS-----\n";
    }

    private Report probe(Duration timeout, Map<String, Object> config) throws Exception {
        try (Probe probe = Sections.probe(type(), config)) {
            return probe.run(Runs.run(timeout, new FakeClock(Certificates.NOW)));
        }
    }

    private String openssl(HeldCertificate certificate, String... arguments) throws IOException {
        OpensslServer server = OpensslServer.start(folder, certificate, arguments);
        servers.add(server);
        return server.address();
    }

    private String serve(LocalServer.Talk talk) throws IOException {
        var server = LocalServer.start(talk);
        servers.add(server);
        return server.address();
    }
}
