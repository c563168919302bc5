package dev.gatewatch.probes.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.revocation.Answers;
import dev.gatewatch.probes.revocation.Answers.Ocsp;
import dev.gatewatch.probes.revocation.Peer;
import dev.gatewatch.probes.revocation.Pki;
import dev.gatewatch.probes.revocation.Pki.Held;
import dev.gatewatch.probes.revocation.WebPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Revocation as operators meet it: real servers that staple, real responders, lists on a web server. */
class CertificateRevocationTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Held ROOT = Pki.root("Root");
    private static final Held STRANGER = Pki.root("Stranger");
    private static final Instant NOW = Instant.now();

    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T keep(T what) {
        open.add(what);
        return what;
    }

    private Map<String, Object> config(String address, Map<String, Object> revocation) throws IOException {
        return new HashMap<>(Map.of(
                "target", address,
                "trust", Files.writeString(folder.resolve("root.pem"), ROOT.pem()).toString(),
                "revocation", revocation));
    }

    private Report run(String address, Map<String, Object> revocation) throws Exception {
        try (Probe probe = Sections.probe(new CertificateProbeType(), config(address, revocation))) {
            return Runs.once(probe, AMPLE);
        }
    }

    private Peer server(Held own, byte[] staple) throws IOException {
        return keep(Peer.server(folder, own, List.of(), Optional.of(staple)));
    }

    private Peer server(Held own) throws IOException {
        return keep(Peer.server(folder, own, List.of(), Optional.empty()));
    }

    private static Held leaf() {
        return Pki.maker("Pay").local().signedBy(ROOT);
    }

    private static RevokedStatus revoked() {
        return new RevokedStatus(Date.from(Instant.parse("2026-01-02T03:04:05Z")), CRLReason.keyCompromise);
    }

    // stapled: acceptance case 45

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aGoodStapleIsReadInEveryVersion(String version) throws Exception {
        Held leaf = leaf();
        Peer server = keep(Peer.server(
                folder, leaf, List.of(), Optional.of(new Ocsp(leaf.certificate(), ROOT).der()), version));

        Report report = run(server.address(), Map.of("ocsp", "hard", "crl", "off"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts())
                .containsEntry("ocsp_stapled", Fact.of(true))
                .containsEntry("ocsp_status", Fact.of(0))
                .containsEntry("revocation.Pay", Fact.of(0))
                .containsKeys("ocsp_this_update", "ocsp_next_update", "ocsp_produced_at", "expiry.Pay");
        assertThat(report.phases()).containsKey("revocation");
    }

    @Test
    void aStapleThatSaysRevokedFailsWithReasonAndDateAlsoWithoutASection() throws Exception {
        Held leaf = leaf();
        Peer server = server(leaf, new Ocsp(leaf.certificate(), ROOT).status(revoked()).der());
        var config = config(server.address(), Map.of());
        config.remove("revocation");

        Report report;
        try (Probe probe = Sections.probe(new CertificateProbeType(), config)) {
            report = Runs.once(probe, AMPLE);
        }

        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.CERT_REVOKED);
        assertThat(report.message())
                .isEqualTo("the certificate is revoked since 2026-01-02 03:04 UTC (key compromise),"
                        + " says the stapled OCSP answer");
        assertThat(report.facts()).containsEntry("ocsp_status", Fact.of(1)).containsKey("ocsp_revoked_at");
    }

    @Test
    void aStapleSignedByAStrangerIsInvalidAndNeverGood() throws Exception {
        Held leaf = leaf();
        Peer server = server(leaf, new Ocsp(leaf.certificate(), ROOT).signedBy(STRANGER).der());

        Report report = run(server.address(), Map.of("ocsp", "stapled"));

        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.OCSP_INVALID);
        assertThat(report.message()).contains("forged").doesNotContain("\n");
        assertThat(report.facts()).containsEntry("ocsp_status", Fact.of(2));
    }

    @Test
    void aStaleStapleIsReported() throws Exception {
        Held leaf = leaf();
        byte[] stale = new Ocsp(leaf.certificate(), ROOT)
                .times(NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(2)))
                .der();
        Peer server = server(leaf, stale);

        Report soft = run(server.address(), Map.of("ocsp", "stapled"));
        Report hard = run(server.address(), Map.of("ocsp", "hard"));

        assertThat(soft.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(soft.cause()).contains(Cause.OCSP_INVALID);
        assertThat(soft.message()).contains("is stale: its next update was due 2 days ago");
        assertThat(hard.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(hard.cause()).contains(Cause.OCSP_INVALID);
    }

    @Test
    void garbageInTheStaplesPlaceIsInvalid() throws Exception {
        Peer server = server(leaf(), "<html>no</html>".repeat(100).getBytes(StandardCharsets.UTF_8));

        Report report = run(server.address(), Map.of("ocsp", "stapled"));

        // OpenSSL may refuse to send what it cannot read; whatever arrives is not good
        assertThat(report.facts()).doesNotContainEntry("ocsp_status", Fact.of(0));
    }

    @Test
    void nginxStaplesTheAnswerInItsFile() throws Exception {
        Held leaf = leaf();
        Peer good = keep(Peer.nginx(folder, leaf, ROOT, new Ocsp(leaf.certificate(), ROOT).der()));
        Peer bad = keep(Peer.nginx(
                folder, leaf, ROOT, new Ocsp(leaf.certificate(), ROOT).status(revoked()).der()));

        assertThat(run(good.address(), Map.of("ocsp", "hard", "must_staple", true)).outcome())
                .isEqualTo(Outcome.PASS);
        assertThat(run(bad.address(), Map.of()).cause()).contains(Cause.CERT_REVOKED);
    }

    @Test
    void aServerThatHasToStapleAndDoesNotFails() throws Exception {
        Peer promised = server(Pki.maker("Pay").local().mustStaple().signedBy(ROOT));

        Report report = run(promised.address(), Map.of("ocsp", "stapled"));
        Report wanted = run(server(leaf()).address(), Map.of("ocsp", "stapled", "must_staple", true));

        assertThat(report.cause()).contains(Cause.OCSP_UNAVAILABLE);
        assertThat(report.message()).contains("must-staple");
        assertThat(wanted.cause()).contains(Cause.OCSP_UNAVAILABLE);
    }

    // asked: acceptance case 46

    @ParameterizedTest
    @ValueSource(strings = {"post", "get"})
    void openSslsResponderIsAskedAndBelieved(String method) throws Exception {
        Held delegate = Pki.maker("Responder").usage(KeyPurposeId.id_kp_OCSPSigning).signedBy(ROOT);
        Held good = leaf();
        Held bad = leaf();
        Held unheardOf = leaf();
        Peer responder = keep(Peer.responder(folder, ROOT, delegate, List.of(good, bad), List.of(bad)));
        Map<String, Object> ask = Map.of(
                "ocsp", "hard", "crl", "off", "ocsp_url", "http://" + responder.address() + "/", "ocsp_method", method,
                "nonce", true);

        Report passed = run(server(good).address(), ask);
        Report failed = run(server(bad).address(), ask);
        Report unknown = run(server(unheardOf).address(), ask);

        assertThat(passed.outcome()).as(passed.toString()).isEqualTo(Outcome.PASS);
        assertThat(passed.facts()).containsEntry("ocsp_stapled", Fact.of(false)).containsEntry("ocsp_status", Fact.of(0));
        assertThat(failed.cause()).contains(Cause.CERT_REVOKED);
        assertThat(failed.message())
                .startsWith("the certificate is revoked since 2026-01-02 03:04 UTC (key compromise), says the answer of");
        assertThat(unknown.cause()).contains(Cause.OCSP_UNAVAILABLE);
        assertThat(unknown.message()).contains("unknown to it");
    }

    @Test
    void aResponderThatIsDownIsUnknownUnderSoftAndAFailureUnderHard() throws Exception {
        String down = "http://127.0.0.1:" + LocalServer.closedPort();
        Peer server = server(Pki.maker("Pay").local().responder(down).signedBy(ROOT));

        Report soft = run(server.address(), Map.of("ocsp", "soft"));
        Report hard = run(server.address(), Map.of("ocsp", "hard"));

        assertThat(soft.outcome()).as(soft.toString()).isEqualTo(Outcome.PASS);
        assertThat(soft.facts()).containsEntry("ocsp_status", Fact.of(2)).containsEntry("revocation.Pay", Fact.of(2));
        assertThat(hard.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(hard.cause()).contains(Cause.OCSP_UNAVAILABLE);
        assertThat(hard.message()).contains("the OCSP responder " + down).contains("nothing listens on the port");
    }

    @Test
    void aResponderThatAnswersWithSomebodyElsesSignatureIsInvalid() throws Exception {
        Held leaf = leaf();
        WebPeer responder =
                keep(WebPeer.serving(new Ocsp(leaf.certificate(), ROOT).signedBy(STRANGER).der()));
        Peer server = server(leaf);

        Report soft = run(server.address(), Map.of("ocsp", "soft", "ocsp_url", responder.url("/")));
        Report hard = run(server.address(), Map.of("ocsp", "hard", "ocsp_url", responder.url("/")));

        assertThat(soft.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(soft.cause()).contains(Cause.OCSP_INVALID);
        assertThat(soft.facts()).containsEntry("ocsp_status", Fact.of(2));
        assertThat(hard.outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void anIntermediateThatWasRevokedIsFoundToo() throws Exception {
        WebPeer lists = keep(new WebPeer(exchange -> WebPeer.send(exchange, 404, new byte[0])));
        Held intermediate =
                Pki.maker("Issuing CA").authority().list(lists.url("/root.crl")).signedBy(ROOT);
        Held leaf = Pki.maker("Pay").local().list(lists.url("/issuing.crl")).signedBy(intermediate);
        lists.now(exchange -> WebPeer.send(
                exchange,
                200,
                exchange.getRequestURI().getPath().equals("/root.crl")
                        ? Answers.list(ROOT, intermediate.certificate().getSerialNumber().longValueExact())
                        : Answers.list(intermediate)));
        Peer server = keep(Peer.server(folder, leaf, List.of(intermediate), Optional.empty()));

        Report report = run(server.address(), Map.of("crl", "hard"));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_REVOKED);
        assertThat(report.message()).startsWith("the CA certificate \"Issuing CA\" is revoked since");
        assertThat(report.facts())
                .containsEntry("revocation.Pay", Fact.of(0))
                .containsEntry("revocation.Issuing CA", Fact.of(1))
                .containsEntry("crl_revoked", Fact.of(false))
                .containsEntry("crl_available", Fact.of(true))
                .containsKey("crl_next_update");
    }

    // lists

    @Test
    void aStaleListIsSaidSoAndAFileServesAsWell() throws Exception {
        Peer server = server(leaf());
        byte[] stale =
                Answers.list(ROOT, NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(2)), _ -> {}, 17);
        Path file = Files.write(folder.resolve("root.crl"), stale);
        WebPeer web = keep(WebPeer.serving(stale));

        Report soft = run(server.address(), Map.of("ocsp", "off", "crl_files", file.toString()));
        Report hard = run(server.address(), Map.of("ocsp", "off", "crl", "hard", "crl_urls", web.url("/")));

        assertThat(soft.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(soft.cause()).contains(Cause.CRL_STALE);
        assertThat(hard.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(hard.cause()).contains(Cause.CRL_STALE);
        assertThat(hard.message()).contains("its next update was due 2 days ago");
    }

    @Test
    void aListIsFetchedAgainOnlyAfterItsTimeAndServesWhileItCannotBeHad() throws Exception {
        byte[] list = Answers.list(ROOT, NOW.minus(Duration.ofHours(1)), NOW.plus(Duration.ofHours(5)), _ -> {}, 17);
        WebPeer web = keep(new WebPeer(exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"one\"");
            boolean unchanged = "\"one\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            WebPeer.send(exchange, unchanged ? 304 : 200, unchanged ? new byte[0] : list);
        }));
        Peer server = server(leaf());
        var clock = new FakeClock(NOW);
        try (Probe probe = Sections.probe(
                new CertificateProbeType(),
                config(server.address(), Map.of("ocsp", "off", "crl", "hard", "crl_urls", web.url("/ca.crl"))))) {
            assertThat(probe.run(Runs.run(AMPLE, clock)).outcome()).isEqualTo(Outcome.PASS);
            assertThat(probe.run(Runs.run(AMPLE, clock)).outcome()).isEqualTo(Outcome.PASS);
            assertThat(web.asked()).isEqualTo(1);

            clock.advance(Duration.ofMinutes(70));
            assertThat(probe.run(Runs.run(AMPLE, clock)).outcome()).isEqualTo(Outcome.PASS);
            assertThat(web.asked()).isEqualTo(2);

            web.now(exchange -> WebPeer.send(exchange, 500, new byte[0]));
            clock.advance(Duration.ofMinutes(70));
            assertThat(probe.run(Runs.run(AMPLE, clock)).outcome()).isEqualTo(Outcome.PASS);
            assertThat(web.asked()).isEqualTo(3);

            clock.advance(Duration.ofHours(4));
            Report late = probe.run(Runs.run(AMPLE, clock));
            assertThat(late.cause()).as(late.toString()).contains(Cause.CRL_STALE);
        }
    }

    // what a stranger must not be able to do

    @Test
    void theTargetPolicyHoldsForWhatACertificateNames() throws Exception {
        Peer server =
                server(Pki.maker("Pay").local().responder("http://169.254.169.254/ocsp").signedBy(ROOT));

        Report soft = run(server.address(), Map.of("ocsp", "soft"));
        Report hard = run(server.address(), Map.of("ocsp", "hard"));

        assertThat(soft.outcome()).as(soft.toString()).isEqualTo(Outcome.PASS);
        assertThat(hard.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(hard.cause()).contains(Cause.TARGET_FORBIDDEN);
        assertThat(hard.message()).contains("169.254.169.254").contains("nothing was sent");
    }

    @Test
    void nobodyIsAskedForAChainThatNobodyTrusts() throws Exception {
        WebPeer stranger = keep(WebPeer.serving(new byte[0]));
        Held leaf = Pki.maker("Pay")
                .local()
                .responder(stranger.url("/ocsp"))
                .list(stranger.url("/crl"))
                .signedBy(STRANGER);

        Report report = run(server(leaf).address(), Map.of("ocsp", "hard", "crl", "hard"));

        assertThat(report.cause()).contains(Cause.CERT_UNTRUSTED);
        assertThat(stranger.asked()).isZero();
    }

    /** Hangs, drips, sends without end, redirects in a circle, sends garbage: each ends in time and is never good. */
    @Test
    void aHostileResponderEndsInACauseWithinTheTime() throws Exception {
        Peer server = server(leaf());
        LocalServer hanging = LocalServer.silent();
        keep(hanging::close);
        LocalServer dripping = LocalServer.start(socket -> {
            var out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(50);
            }
        });
        keep(dripping::close);
        LocalServer endless = LocalServer.start(socket -> {
            var out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = new byte[64 << 10];
            while (true) {
                out.write(chunk);
            }
        });
        keep(endless::close);
        WebPeer circling = keep(new WebPeer(exchange -> {
            exchange.getResponseHeaders().add("Location", "/again");
            WebPeer.send(exchange, 302, new byte[0]);
        }));
        WebPeer garbage = keep(WebPeer.serving("<html>captive portal</html>".getBytes(StandardCharsets.UTF_8)));

        var expected = Map.of(
                "http://" + hanging.address(), "did not answer in full within 300ms",
                "http://" + dripping.address(), "did not answer in full within 300ms",
                "http://" + endless.address(), "sends more; at most 131072 bytes",
                circling.url("/"), "redirects more than 3 times",
                garbage.url("/"), "is no OCSP answer but");
        for (var peer : expected.entrySet()) {
            long start = System.nanoTime();
            Report report = run(
                    server.address(),
                    Map.of("ocsp", "hard", "crl", "off", "ocsp_url", peer.getKey(), "timeout", "300ms"));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(report.message()).contains(peer.getValue());
            assertThat(report.cause().orElseThrow()).isIn(Cause.OCSP_UNAVAILABLE, Cause.OCSP_INVALID);
        }
    }

    @Test
    void aListOfTwentyMegabytesIsUsedOrRefusedByItsSize() throws Exception {
        Held leaf = leaf();
        long serial = leaf.certificate().getSerialNumber().longValueExact();
        WebPeer web = keep(WebPeer.serving(Answers.bigList(ROOT, 20 << 20, serial)));
        Peer server = server(leaf);
        var revocation = Map.<String, Object>of(
                "ocsp", "off", "crl", "hard", "crl_urls", web.url("/"), "timeout", "15s");
        var limited = new HashMap<>(revocation);
        limited.put("crl_limit", "10MB");

        Report revoked = run(server.address(), revocation);
        Report refused = run(server.address(), limited);

        assertThat(revoked.cause()).as(revoked.toString()).contains(Cause.CERT_REVOKED);
        assertThat(refused.cause()).contains(Cause.OCSP_UNAVAILABLE);
        assertThat(refused.message()).contains("at most 10485760 bytes are read");
    }

    @Test
    void aServersCertificateWithTenThousandNamesEndsInACause() throws Exception {
        var maker = Pki.maker("Many").local();
        for (int i = 0; i < 10_000; i++) {
            maker.named("host-" + i + ".example");
        }
        Peer server = server(maker.signedBy(ROOT));

        Report report = run(server.address(), Map.of());

        // more than the JDK takes in one message of a handshake
        assertThat(report.cause()).contains(Cause.TLS_HANDSHAKE);
        assertThat(report.message()).contains("exceeds the maximum allowed size");
    }

    @Test
    void aRunsDeadlineBoundsAllRequestsTogether() throws Exception {
        LocalServer hanging = LocalServer.silent();
        keep(hanging::close);
        String url = "http://" + hanging.address();
        Held intermediate = Pki.maker("Issuing CA").authority().responder(url).list(url).signedBy(ROOT);
        Held leaf = Pki.maker("Pay").local().responder(url).list(url).signedBy(intermediate);
        Peer server = keep(Peer.server(folder, leaf, List.of(intermediate), Optional.empty()));
        try (Probe probe = Sections.probe(
                new CertificateProbeType(), config(server.address(), Map.of("ocsp", "hard", "crl", "hard")))) {
            long start = System.nanoTime();
            Report report = Runs.once(probe, Duration.ofSeconds(1));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_300));
            assertThat(report.cause()).contains(Cause.OCSP_UNAVAILABLE);
        }
    }

    @Test
    void aChangeIsToldOnceWithOldAndNew() throws Exception {
        Held first = leaf();
        Held second = leaf();
        Held moved = Pki.maker("Pay").local().signedBy(STRANGER);
        var memory = Memory.fresh();
        Path trust = Files.writeString(folder.resolve("both.pem"), ROOT.pem() + STRANGER.pem());
        var reports = new ArrayList<Report>();
        int port = LocalServer.closedPort();
        for (String watch : List.of("fingerprint", "issuer")) {
            for (Held own : List.of(first, second, second, moved, moved)) {
                Peer server =
                        Peer.server(folder, own, List.of(), Optional.empty(), "-accept", "127.0.0.1:" + port);
                var config = config(server.address(), Map.of("ocsp", "off", "crl", "off"));
                config.put("trust", trust.toString());
                config.put("watch_changes", watch);
                try (server;
                        Probe probe = Sections.probe(new CertificateProbeType(), config)) {
                    reports.add(probe.run(Runs.run(AMPLE, new FakeClock(NOW), memory)));
                }
            }
        }
        assertThat(reports.stream().map(r -> r.outcome().code()))
                .containsExactly(
                        "pass", "degraded", "pass", "degraded", "pass", "degraded", "pass", "pass", "degraded", "pass");
        assertThat(reports.get(1).cause()).contains(Cause.CERT_CHANGED);
        assertThat(reports.get(1).message())
                .contains("the certificate is another than before: was ")
                .contains("… of CN=Root, is ");
        assertThat(reports.get(3).message()).contains("of another issuer").contains("of CN=Root").contains("of CN=Stranger");
        assertThat(reports.get(6).facts()).containsEntry("cert_changed", Fact.of(1));
    }
}
