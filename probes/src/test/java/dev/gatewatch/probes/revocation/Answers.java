package dev.gatewatch.probes.revocation;

import dev.gatewatch.probes.revocation.Pki.Held;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** OCSP answers and revocation lists for tests, with one thing wrong each where wanted. */
public final class Answers {
    private Answers() {}

    /** What an OCSP answer is made of. Valid from an hour ago for a day, unless told otherwise. */
    public static final class Ocsp {
        private final X509Certificate certificate;
        private final Held issuer;
        private Held signer;
        private List<X509Certificate> included = List.of();
        private CertificateStatus status = CertificateStatus.GOOD;
        private Instant thisUpdate = Instant.now().minus(Duration.ofHours(1));
        private Instant nextUpdate = Instant.now().plus(Duration.ofDays(1));
        private boolean endless;
        private Consumer<BasicOCSPRespBuilder> more = _ -> {};

        public Ocsp(X509Certificate certificate, Held issuer) {
            this.certificate = certificate;
            this.issuer = issuer;
            this.signer = issuer;
        }

        public Ocsp signedBy(Held other, X509Certificate... certificates) {
            signer = other;
            included = List.of(certificates);
            return this;
        }

        public Ocsp status(CertificateStatus other) {
            status = other;
            return this;
        }

        public Ocsp times(Instant from, Instant until) {
            thisUpdate = from;
            nextUpdate = until;
            return this;
        }

        public Ocsp withoutNextUpdate(Instant from) {
            thisUpdate = from;
            endless = true;
            return this;
        }

        public Ocsp with(Consumer<BasicOCSPRespBuilder> what) {
            more = what;
            return this;
        }

        public byte[] der() {
            try {
                var digests = new JcaDigestCalculatorProviderBuilder().build();
                var builder = new BasicOCSPRespBuilder(
                        new RespID(Crypto.holder(signer.certificate()).getSubject()));
                var id = new CertificateID(
                        digests.get(CertificateID.HASH_SHA1),
                        Crypto.holder(issuer.certificate()),
                        certificate.getSerialNumber());
                builder.addResponse(id, status, Date.from(thisUpdate), endless ? null : Date.from(nextUpdate), null);
                more.accept(builder);
                var chain = new ArrayList<X509CertificateHolder>();
                for (X509Certificate c : included) {
                    chain.add(Crypto.holder(c));
                }
                return new OCSPRespBuilder()
                        .build(
                                OCSPResp.SUCCESSFUL,
                                builder.build(
                                        signer.signer(), chain.toArray(X509CertificateHolder[]::new), Date.from(thisUpdate)))
                        .getEncoded();
            } catch (GeneralSecurityException | OCSPException | OperatorCreationException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A list of serial numbers, revoked yesterday for key compromise. */
    public static byte[] list(Held issuer, Instant from, Instant until, Consumer<JcaX509v2CRLBuilder> more, long... serials) {
        var builder = new JcaX509v2CRLBuilder(
                issuer.certificate().getSubjectX500Principal(), Date.from(from));
        builder.setNextUpdate(Date.from(until));
        for (long serial : serials) {
            builder.addCRLEntry(
                    BigInteger.valueOf(serial),
                    Date.from(Instant.parse("2026-01-02T03:04:05Z")),
                    CRLReason.keyCompromise);
        }
        more.accept(builder);
        try {
            return builder.build(issuer.signer()).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #list(Held, Instant, Instant, Consumer, long...)}, valid from an hour ago for a day. */
    public static byte[] list(Held issuer, long... serials) {
        Instant now = Instant.now();
        return list(issuer, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)), _ -> {}, serials);
    }

    /** At least so many bytes of other entries, and one serial number after them. */
    public static byte[] bigList(Held issuer, int bytes, long serial) {
        return BigList.of(issuer, bytes, serial);
    }

    /** An OCSP answer of only a status. */
    public static byte[] error(int status) {
        try {
            return new OCSPRespBuilder().build(status, null).getEncoded();
        } catch (OCSPException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
