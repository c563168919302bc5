package dev.gatewatch.probes.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.revocation.Answer.Failed;
import dev.gatewatch.probes.revocation.Answer.Kind;
import dev.gatewatch.probes.revocation.Answers.Ocsp;
import dev.gatewatch.probes.revocation.Pki.Held;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OcspJudgeTest {
    private static final Held ROOT = Pki.root("Root");
    private static final Held STRANGER = Pki.root("Stranger");
    private static final Held LEAF = Pki.maker("Pay").local().signedBy(ROOT);
    private static final Held OTHER = Pki.maker("Other").local().signedBy(ROOT);
    private static final Held RESPONDER =
            Pki.maker("Responder").usage(KeyPurposeId.id_kp_OCSPSigning).signedBy(ROOT);
    private static final Held NAMESAKE = Pki.root("Root");
    private static final Instant NOW = Instant.now();

    private static final class Case {
        private final String what;
        private final byte[] der;
        private final Kind kind;
        private final String message;

        Case(String what, byte[] der, Kind kind, String message) {
            this.what = what;
            this.der = der;
            this.kind = kind;
            this.message = message;
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Case> unusable() {
        Held unauthorised = Pki.maker("Server").usage(KeyPurposeId.id_kp_serverAuth).signedBy(ROOT);
        Held expired = Pki.maker("Old responder")
                .usage(KeyPurposeId.id_kp_OCSPSigning)
                .valid(Duration.ofDays(9), Duration.ofDays(-2))
                .signedBy(ROOT);
        Held strangers =
                Pki.maker("Responder").usage(KeyPurposeId.id_kp_OCSPSigning).signedBy(STRANGER);
        return Stream.of(
                new Case("a stranger", good().signedBy(STRANGER).der(), Kind.INVALID, "not signed by \"Root\""),
                new Case("a namesake", good().signedBy(NAMESAKE).der(), Kind.INVALID, "not signed by \"Root\""),
                new Case(
                        "a stranger's responder",
                        good().signedBy(strangers, strangers.certificate()).der(),
                        Kind.INVALID,
                        "not signed by \"Root\""),
                new Case(
                        "the certificate itself",
                        good().signedBy(LEAF, LEAF.certificate()).der(),
                        Kind.INVALID,
                        "has not authorised to answer"),
                new Case(
                        "a server of the issuer's",
                        good().signedBy(unauthorised, unauthorised.certificate()).der(),
                        Kind.INVALID,
                        "extended key usage without OCSPSigning"),
                new Case(
                        "a responder past its end",
                        good().signedBy(expired, expired.certificate()).der(),
                        Kind.INVALID,
                        "whose own certificate holds from"),
                new Case(
                        "another certificate's",
                        new Ocsp(OTHER.certificate(), ROOT).der(),
                        Kind.INVALID,
                        "is for another certificate"),
                new Case(
                        "stale",
                        good().times(NOW.minus(Duration.ofDays(5)), NOW.minus(Duration.ofDays(3)))
                                .der(),
                        Kind.STALE,
                        "is stale: its next update was due 3 days ago"),
                new Case(
                        "old without an end",
                        good().withoutNextUpdate(NOW.minus(Duration.ofDays(40))).der(),
                        Kind.STALE,
                        "is stale: it was made 40 days ago"),
                new Case(
                        "of tomorrow",
                        good().times(NOW.plus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(3)))
                                .der(),
                        Kind.INVALID,
                        "is of a time to come"),
                new Case(
                        "unknown",
                        good().status(new UnknownStatus()).der(),
                        Kind.UNAVAILABLE,
                        "unknown to it"),
                new Case("a page", "<html>404</html>".getBytes(), Kind.INVALID, "no OCSP answer but 16 bytes"),
                new Case("nothing", new byte[0], Kind.INVALID, "no OCSP answer but 0 bytes"),
                new Case("too much", new byte[OcspJudge.LARGEST + 1], Kind.INVALID, "larger than 128 kB"),
                new Case("deep nesting", nested(15_000), Kind.INVALID, "malformed: nested more than 40 deep"));
    }

    private static Ocsp good() {
        return new Ocsp(LEAF.certificate(), ROOT);
    }

    /** Sets within sets, which parsers build by recursion. */
    private static byte[] nested(int depth) {
        byte[] inner = {0x05, 0x00};
        for (int i = 0; i < depth; i++) {
            int length = inner.length;
            byte[] outer = new byte[length + 5];
            outer[0] = i == depth - 1 ? (byte) 0x30 : (byte) 0x31;
            outer[1] = (byte) 0x83;
            outer[2] = (byte) (length >> 16);
            outer[3] = (byte) (length >> 8);
            outer[4] = (byte) length;
            System.arraycopy(inner, 0, outer, 5, length);
            inner = outer;
        }
        return inner;
    }

    private static Answer judge(byte[] der) {
        return judge(der, Optional.empty());
    }

    private static Answer judge(byte[] der, Optional<byte[]> nonce) {
        return OcspJudge.judge(der, LEAF.certificate(), ROOT.certificate(), NOW, nonce, "the answer");
    }

    @Test
    void anAnswerOfTheIssuersOrItsRespondersIsGood() {
        assertThat(judge(good().der())).isInstanceOf(Answer.Good.class);
        assertThat(judge(good().signedBy(RESPONDER, RESPONDER.certificate()).der())).isInstanceOf(Answer.Good.class);
        assertThat(judge(good().withoutNextUpdate(NOW.minus(Duration.ofDays(2))).der()))
                .isInstanceOf(Answer.Good.class);
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatIsNoValidAnswerIsNeverGood(Case given) {
        Answer answer = judge(given.der);

        assertThat(answer).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(given.kind);
            assertThat(failed.failure().cause())
                    .isEqualTo(given.kind == Kind.UNAVAILABLE ? Cause.OCSP_UNAVAILABLE : Cause.OCSP_INVALID);
            assertThat(failed.failure().message()).startsWith("the answer ").contains(given.message);
        });
    }

    @ParameterizedTest
    @CsvSource({"1,malformedRequest", "2,internalError", "3,tryLater", "5,sigRequired", "6,unauthorized"})
    void aRespondersErrorIsNoAnswer(int status, String word) {
        assertThat(judge(Answers.error(status))).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failed.failure().message()).contains(word);
        });
    }

    @Test
    void aRevocationIsToldWithItsDateAndReasonAlsoWhenTheAnswerIsOld() {
        Instant at = Instant.parse("2026-01-02T03:04:05Z");
        Ocsp revoked = good().status(new RevokedStatus(Date.from(at), CRLReason.keyCompromise));
        byte[] fresh = revoked.der();
        byte[] old = revoked.times(NOW.minus(Duration.ofDays(5)), NOW.minus(Duration.ofDays(3))).der();

        for (byte[] der : new byte[][] {fresh, old}) {
            assertThat(judge(der)).isInstanceOfSatisfying(Answer.Revoked.class, answer -> {
                assertThat(answer.at()).isEqualTo(at);
                assertThat(answer.reason()).isEqualTo("key compromise");
            });
        }
        assertThat(judge(revoked.signedBy(STRANGER).der())).isInstanceOf(Failed.class);
    }

    @Test
    void aNonceHasToBeTheOneThatWasSentOrLeftOut() throws IOException {
        byte[] sent = {1, 2, 3, 4};

        assertThat(judge(good().with(b -> b.setResponseExtensions(nonce(sent))).der(), Optional.of(sent)))
                .isInstanceOf(Answer.Good.class);
        assertThat(judge(good().der(), Optional.of(sent))).isInstanceOf(Answer.Good.class);
        assertThat(judge(
                        good().with(b -> b.setResponseExtensions(nonce(new byte[] {9, 9}))).der(),
                        Optional.of(sent)))
                .isInstanceOfSatisfying(Failed.class, f -> assertThat(f.failure().message()).contains("another nonce"));
    }

    private static Extensions nonce(byte[] value) {
        try {
            return new Extensions(new Extension(
                    OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(value).getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aBitFlippedOrACutAnywhereIsNeverGoodNorAnException() {
        byte[] sound = good().signedBy(RESPONDER, RESPONDER.certificate()).der();
        var random = new Random(7);
        int good = 0;
        for (int i = 0; i < sound.length; i++) {
            assertThat(judge(Arrays.copyOf(sound, i))).isInstanceOf(Failed.class);
            byte[] flipped = sound.clone();
            flipped[i] ^= (byte) (1 << random.nextInt(8));
            good += judge(flipped) instanceof Answer.Good ? 1 : 0;
        }
        // what nobody signs: the certificate that comes along may be changed where its own signature does not reach
        assertThat(good).isLessThan(12);
    }
}
