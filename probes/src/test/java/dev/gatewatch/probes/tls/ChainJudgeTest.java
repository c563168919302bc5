package dev.gatewatch.probes.tls;

import static dev.gatewatch.probes.tls.Certificates.HOST;
import static dev.gatewatch.probes.tls.Certificates.INTERMEDIATE;
import static dev.gatewatch.probes.tls.Certificates.NOW;
import static dev.gatewatch.probes.tls.Certificates.ROOT;
import static dev.gatewatch.probes.tls.Certificates.STRANGER;
import static dev.gatewatch.probes.tls.Certificates.chain;
import static dev.gatewatch.probes.tls.Certificates.server;
import static dev.gatewatch.probes.tls.Certificates.serverFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChainJudgeTest {
    private static final TrustAnchors TRUST = TrustAnchors.of(chain(ROOT));

    /** A presented chain, and the faults to be told of it in this order, each by its cause and a part of its message. */
    record Case(String name, List<X509Certificate> chain, String host, TrustAnchors trust, List<Failure> faults) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, List<X509Certificate> chain, Failure... faults) {
        return new Case(name, chain, HOST, TRUST, List.of(faults));
    }

    private static Failure fault(Cause cause, String part) {
        return new Failure(cause, part);
    }

    static List<Case> cases() {
        HeldCertificate good = serverFor(-60, 30);
        HeldCertificate root2 = expiredRoot();
        HeldCertificate underOldRoot = server().signedBy(root2).build();
        HeldCertificate oldIntermediate = oldIntermediate();
        HeldCertificate underOldIntermediate = server().signedBy(oldIntermediate).build();
        HeldCertificate fake = server().signedBy(STRANGER).build();
        HeldCertificate self = Certificates.selfSigned();
        HeldCertificate weak = Certificates.weakKey();
        var cases = new ArrayList<Case>();
        cases.add(of("good", chain(good, INTERMEDIATE)));
        cases.add(of("good, with its root", chain(good, INTERMEDIATE, ROOT)));
        cases.add(of("good, in disorder and with a stranger", chain(good, ROOT, STRANGER, INTERMEDIATE)));
        cases.add(of(
                "expired",
                chain(serverFor(-90, -3), INTERMEDIATE),
                fault(Cause.CERT_EXPIRED, "the certificate expired 3 days ago (2026-02-27 12:00 UTC)")));
        cases.add(of(
                "not yet valid",
                chain(serverFor(2, 90), INTERMEDIATE),
                fault(Cause.CERT_NOT_YET_VALID, "the certificate is valid only in 2 days (from 2026-03-04 12:00 UTC)")));
        cases.add(of(
                "expired and untrusted",
                chain(
                        server().validityInterval(millis(-90), millis(-3))
                                .signedBy(STRANGER)
                                .build(),
                        STRANGER),
                fault(Cause.CERT_EXPIRED, "3 days ago"),
                fault(Cause.CERT_UNTRUSTED, "ends at the authority \"Stranger\", which is not trusted")));
        cases.add(new Case(
                "expired and for another host",
                chain(serverFor(-90, -3), INTERMEDIATE),
                "shop.example",
                TRUST,
                List.of(fault(Cause.CERT_EXPIRED, "3 days"), fault(Cause.CERT_HOSTNAME, "not for shop.example"))));
        cases.add(of(
                "intermediate expired",
                chain(underOldIntermediate, oldIntermediate),
                fault(Cause.CERT_EXPIRED, "the CA certificate \"Old Intermediate\" expired 10 days ago")));
        cases.add(new Case(
                "root expired",
                chain(underOldRoot),
                HOST,
                TrustAnchors.of(chain(root2)),
                List.of(fault(Cause.CERT_EXPIRED, "the CA certificate \"Old Root\" expired 10 days ago"))));
        cases.add(of(
                "self-signed", chain(self), fault(Cause.CERT_SELF_SIGNED, "signed by itself (\"localhost\")")));
        cases.add(new Case("self-signed and trusted as such", chain(self), HOST, TrustAnchors.of(chain(self)), List.of()));
        cases.add(of(
                "unknown authority",
                chain(fake, STRANGER),
                fault(Cause.CERT_UNTRUSTED, "ends at the authority \"Stranger\", which is not trusted")));
        cases.add(of(
                "intermediate missing",
                chain(good),
                fault(Cause.CERT_UNTRUSTED, "sends only its own certificate; its issuer \"Intermediate\"")));
        cases.add(of(
                "another intermediate than its own",
                chain(good, STRANGER),
                fault(Cause.CERT_UNTRUSTED, "an intermediate certificate is missing")));
        cases.add(of(
                "weak key",
                chain(weak, INTERMEDIATE),
                fault(Cause.CERT_WEAK, "a key of only 1024 bits (RSA; at least 2048")));
        cases.add(new Case(
                "for another host",
                chain(good, INTERMEDIATE),
                "shop.example",
                TRUST,
                List.of(fault(Cause.CERT_HOSTNAME, "is for pay.example, 127.0.0.1, not for shop.example"))));
        cases.add(of("nothing presented", List.of(), fault(Cause.CERT_UNTRUSTED, "no certificate")));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachAspectIsJudgedForItself(Case given) {
        ChainVerdict verdict = ChainJudge.judge(given.chain, given.host, given.trust, NOW);

        assertThat(verdict.faults().stream().map(Failure::cause))
                .as(verdict.faults().toString())
                .containsExactlyElementsOf(given.faults.stream().map(Failure::cause).toList());
        for (int i = 0; i < given.faults.size(); i++) {
            assertThat(verdict.faults().get(i).message())
                    .contains(given.faults.get(i).message());
        }
    }

    @ParameterizedTest
    @CsvSource({"good,", "sha1,CERT_WEAK", "md5,CERT_WEAK", "client-only,CERT_UNTRUSTED"})
    void signaturesAndUsageAreJudged(String leaf, Cause cause) throws Exception {
        X509Certificate authority = Certificates.resource("authority");
        X509Certificate certificate = Certificates.resource(leaf);
        Instant then = certificate.getNotBefore().toInstant().plus(Duration.ofDays(300));

        ChainVerdict verdict = ChainJudge.judge(
                List.of(certificate, authority), HOST, TrustAnchors.of(List.of(authority)), then);

        assertThat(verdict.faults().stream().map(Failure::cause).distinct())
                .as(verdict.faults().toString())
                .isEqualTo(cause == null ? List.of() : List.of(cause));
    }

    @Test
    void theVerifiedPathEndsWithItsFirstCertificate() {
        HeldCertificate leaf = serverFor(-60, 30);

        ChainVerdict verdict = ChainJudge.judge(chain(leaf, INTERMEDIATE), HOST, TRUST, NOW);

        assertThat(verdict.verified()).isEqualTo(chain(leaf, INTERMEDIATE, ROOT));
        assertThat(verdict.verifiedUntil()).contains(NOW.plus(Duration.ofDays(30)));
    }

    @Test
    void theLastSecondOfTheValidityBelongsToIt() {
        List<X509Certificate> chain = chain(serverFor(-60, 30), INTERMEDIATE);
        Instant end = NOW.plus(Duration.ofDays(30));

        assertThat(ChainJudge.judge(chain, HOST, TRUST, end).worst()).isEmpty();
        assertThat(ChainJudge.judge(chain, HOST, TRUST, end.plusSeconds(1)).worst())
                .contains(new Failure(
                        Cause.CERT_EXPIRED, "the certificate expired 1 second ago (2026-04-01 12:00 UTC)"));
    }

    @Test
    void anExpiredCertificateBesideTheVerifiedPathDoesNotMatter() {
        ChainVerdict verdict =
                ChainJudge.judge(chain(serverFor(-60, 30), INTERMEDIATE, expiredRoot()), HOST, TRUST, NOW);

        assertThat(verdict.worst()).isEmpty();
    }

    /** As in September 2021, when Let's Encrypt's cross-signing root expired and clients had the new root already. */
    @Test
    void anExpiredRootDoesNotMatterWhereACrossSignedPathLeadsToANewOne() {
        HeldCertificate oldRoot = expiredRoot();
        HeldCertificate cross = new HeldCertificate.Builder()
                .certificateAuthority(0)
                .commonName("Intermediate")
                .keyPair(INTERMEDIATE.keyPair())
                .signedBy(oldRoot)
                .validityInterval(millis(-900), millis(900))
                .build();
        TrustAnchors both = TrustAnchors.of(chain(oldRoot, ROOT));

        ChainVerdict verdict =
                ChainJudge.judge(chain(serverFor(-60, 30), cross, INTERMEDIATE), HOST, both, NOW);

        assertThat(verdict.worst()).isEmpty();
        assertThat(verdict.verified()).endsWith(ROOT.certificate());
    }

    /** The cross-signed intermediate ends in five days; clients that know the new root go on. */
    @Test
    void ofSeveralPathsTheOneThatHoldsLongestCounts() {
        HeldCertificate cross = new HeldCertificate.Builder()
                .certificateAuthority(0)
                .commonName("Intermediate")
                .keyPair(INTERMEDIATE.keyPair())
                .signedBy(Certificates.STRANGER)
                .validityInterval(millis(-900), millis(5))
                .build();
        TrustAnchors both = TrustAnchors.of(chain(Certificates.STRANGER, ROOT));
        HeldCertificate leaf = serverFor(-60, 30);

        for (var presented : List.of(chain(leaf, cross, INTERMEDIATE), chain(leaf, INTERMEDIATE, cross))) {
            ChainVerdict verdict = ChainJudge.judge(presented, HOST, both, NOW);

            assertThat(verdict.worst()).isEmpty();
            assertThat(verdict.verified()).endsWith(ROOT.certificate());
        }
        assertThat(ChainJudge.judge(chain(leaf, cross), HOST, both, NOW).verifiedUntil())
                .contains(cross.certificate().getNotAfter().toInstant());
    }

    private static HeldCertificate expiredRoot() {
        return new HeldCertificate.Builder()
                .certificateAuthority(1)
                .commonName("Old Root")
                .validityInterval(millis(-900), millis(-10))
                .build();
    }

    private static HeldCertificate oldIntermediate() {
        return new HeldCertificate.Builder()
                .certificateAuthority(0)
                .commonName("Old Intermediate")
                .signedBy(ROOT)
                .validityInterval(millis(-900), millis(-10))
                .build();
    }

    private static long millis(int days) {
        return NOW.plus(Duration.ofDays(days)).toEpochMilli();
    }
}
