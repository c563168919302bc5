package dev.gatewatch.probes.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.revocation.Answer.Failed;
import dev.gatewatch.probes.revocation.Answer.Kind;
import dev.gatewatch.probes.revocation.Pki.Held;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.junit.jupiter.api.Test;

class CrlTest {
    private static final Instant NOW = Instant.now();
    private static final Deadline LONG = Deadline.after(Duration.ofMinutes(10));
    private static final Held ROOT = Pki.root("Root");
    private static final Held STRANGER = Pki.root("Root");
    private static final Held LEAF = Pki.maker("Pay").serial(4711).signedBy(ROOT);

    private static Answer judge(byte[] content, String... points) throws IOException {
        return CrlJudge.judge(Crl.parse(content), LEAF.certificate(), List.of(points), NOW, "the list", LONG);
    }

    private static byte[] with(Consumer<JcaX509v2CRLBuilder> more) {
        return Answers.list(ROOT, NOW.minus(Duration.ofHours(1)), NOW.plus(Duration.ofDays(1)), more, 1, 2);
    }

    @Test
    void aListSaysWhatItHasAndWhatItHasNot() throws IOException {
        byte[] with = Answers.list(ROOT, 1, 4711, 5);
        byte[] without = Answers.list(ROOT, 1, 4712, 0x124711);

        assertThat(judge(with)).isInstanceOfSatisfying(Answer.Revoked.class, revoked -> {
            assertThat(revoked.at()).isEqualTo("2026-01-02T03:04:05Z");
            assertThat(revoked.reason()).isEqualTo("key compromise");
        });
        assertThat(judge(without)).isInstanceOf(Answer.Good.class);
        assertThat(judge(Answers.list(ROOT))).isInstanceOf(Answer.Good.class);
    }

    @Test
    void aListMayBePem() throws IOException {
        String pem = "-----BEGIN X509 CRL-----\n"
                + Base64.getMimeEncoder().encodeToString(Answers.list(ROOT, 4711)) + "\n-----END X509 CRL-----\n";

        assertThat(judge(pem.getBytes(StandardCharsets.US_ASCII))).isInstanceOf(Answer.Revoked.class);
        assertThatThrownBy(() -> Crl.parse("-----BEGIN CERTIFICATE-----\n".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(DerException.class);
    }

    @Test
    void onlyTheIssuersSignatureCounts() throws IOException {
        assertThat(CrlJudge.signatureFault(Crl.parse(Answers.list(ROOT)), ROOT.certificate(), "the list", LONG))
                .isEmpty();
        assertThat(CrlJudge.signatureFault(Crl.parse(Answers.list(STRANGER)), ROOT.certificate(), "the list", LONG))
                .hasValueSatisfying(failed -> {
                    assertThat(failed.failure().cause()).isEqualTo(Cause.OCSP_INVALID);
                    assertThat(failed.failure().message()).contains("forged");
                });
    }

    @Test
    void aListPastItsNextUpdateIsStaleAndStillRevokes() throws IOException {
        byte[] stale =
                Answers.list(ROOT, NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(2)), _ -> {}, 17);
        byte[] staleWith =
                Answers.list(ROOT, NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(2)), _ -> {}, 4711);

        assertThat(judge(stale)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(Kind.STALE);
            assertThat(failed.failure().cause()).isEqualTo(Cause.CRL_STALE);
            assertThat(failed.failure().message()).startsWith("the list is stale: its next update was due 2 days ago");
        });
        assertThat(judge(staleWith)).isInstanceOf(Answer.Revoked.class);
    }

    @Test
    void aListOfSomethingElseSaysNothing() throws IOException {
        assertFails(judge(with(b -> extend(b, Extension.deltaCRLIndicator, new ASN1Integer(1)))), "delta list");
        assertFails(
                judge(with(b -> extend(b, new ASN1ObjectIdentifier("1.2.3.4"), DERNull.INSTANCE))),
                "critical extension 1.2.3.4");
        assertFails(
                judge(with(b -> extend(
                        b, Extension.issuingDistributionPoint, new IssuingDistributionPoint(null, false, true, null, false, false)))),
                "only of authorities' certificates");
        var elsewhere = new IssuingDistributionPoint(
                new DistributionPointName(new GeneralNames(
                        new GeneralName(GeneralName.uniformResourceIdentifier, "http://ca.example/2.crl"))),
                true,
                false,
                null,
                false,
                false);
        byte[] second = with(b -> extend(b, Extension.issuingDistributionPoint, elsewhere));
        assertFails(judge(second, "http://ca.example/1.crl"), "another part");
        assertThat(judge(second, "http://ca.example/1.crl", "http://ca.example/2.crl"))
                .isInstanceOf(Answer.Good.class);
    }

    private static void extend(JcaX509v2CRLBuilder builder, ASN1ObjectIdentifier id, org.bouncycastle.asn1.ASN1Encodable value) {
        try {
            builder.addExtension(id, true, value);
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertFails(Answer answer, String why) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.failure().message()).contains(why));
    }

    /** Half a million entries; the entries are made by hand, as no builder could in bounded memory. */
    @Test
    void aListOfTwentyMegabytesIsSearchedWhereItLies() throws IOException {
        byte[] huge = BigList.of(ROOT, 20 << 20, 4711);
        assertThat(huge.length).isGreaterThan(20 << 20);
        Crl crl = Crl.parse(huge);
        System.gc();
        long before = used();

        assertThat(crl.isSignedBy(ROOT.certificate(), LONG)).isTrue();
        assertThat(crl.find(BigInteger.valueOf(4711), LONG)).isPresent();
        assertThat(crl.find(BigInteger.valueOf(4712), LONG)).isEmpty();
        assertThat(used() - before).isLessThan(100 << 20);
    }

    @Test
    void aLongListDoesNotOutlastTheRun() throws Exception {
        Crl crl = Crl.parse(BigList.of(ROOT, 2 << 20, 4711));
        Deadline over = Deadline.after(Duration.ZERO);

        assertThatThrownBy(() -> crl.isSignedBy(ROOT.certificate(), over)).isInstanceOf(InterruptedIOException.class);
        assertThatThrownBy(() -> crl.find(BigInteger.valueOf(4712), over)).isInstanceOf(InterruptedIOException.class);
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aBitFlippedOrACutAnywhereIsAMalformedListOrABadSignature() {
        byte[] sound = Answers.list(ROOT, 1, 4711);
        var random = new Random(11);
        for (int i = 0; i < sound.length; i++) {
            byte[] cut = Arrays.copyOf(sound, i);
            assertThatThrownBy(() -> Crl.parse(cut)).isInstanceOf(DerException.class);
            byte[] flipped = sound.clone();
            flipped[i] ^= (byte) (1 << random.nextInt(8));
            assertThat(holds(flipped)).as("bit in byte " + i).isFalse();
        }
    }

    private static boolean holds(byte[] content) {
        try {
            return Crl.parse(content).isSignedBy(ROOT.certificate(), LONG);
        } catch (IOException _) {
            return false;
        }
    }
}
