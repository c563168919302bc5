package dev.gatewatch.probes.revocation;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates for tests of revocation: with responders, distribution points and usages in them. Valid by the real clock. */
public final class Pki {
    private static final AtomicLong SERIALS = new AtomicLong(0x1000);

    private Pki() {}

    /** A certificate with its key. */
    public record Held(KeyPair keys, X509Certificate certificate) {
        public String pem() {
            try {
                return Pki.pem("CERTIFICATE", certificate.getEncoded());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        public String keyPem() {
            return Pki.pem("PRIVATE KEY", keys.getPrivate().getEncoded());
        }

        /** Certificate and key as two files, for programs that want such. */
        public void write(Path folder, String name) throws IOException {
            Files.writeString(folder.resolve(name + ".pem"), pem());
            Files.writeString(folder.resolve(name + ".key"), keyPem());
        }

        ContentSigner signer() {
            return Pki.signer(keys);
        }
    }

    private static ContentSigner signer(KeyPair keys) {
        try {
            return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A self-signed authority. */
    public static Held root(String name) {
        return new Maker(name).authority().make(Optional.empty());
    }

    public static Maker maker(String name) {
        return new Maker(name);
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    /** What goes into a certificate. */
    public static final class Maker {
        private final String name;
        private final List<GeneralName> names = new ArrayList<>();
        private final List<Extended> extensions = new ArrayList<>();
        private Instant from = Instant.now().minus(Duration.ofDays(10));
        private Instant until = Instant.now().plus(Duration.ofDays(300));
        private BigInteger serial = BigInteger.valueOf(SERIALS.incrementAndGet());

        private record Extended(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {}

        Maker(String name) {
            this.name = name;
        }

        public Maker authority() {
            return with(Extension.basicConstraints, true, new BasicConstraints(true));
        }

        public Maker valid(Duration ago, Duration ahead) {
            from = Instant.now().minus(ago);
            until = Instant.now().plus(ahead);
            return this;
        }

        /** For the loopback address. */
        public Maker local() {
            names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
            return this;
        }

        public Maker named(String dns) {
            names.add(new GeneralName(GeneralName.dNSName, dns));
            return this;
        }

        public Maker serial(long number) {
            serial = BigInteger.valueOf(number);
            return this;
        }

        public Maker responder(String url) {
            return with(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(AccessDescription.id_ad_ocsp, uri(url)));
        }

        public Maker list(String url) {
            var point = new DistributionPoint(new DistributionPointName(new GeneralNames(uri(url))), null, null);
            return with(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {point}));
        }

        public Maker mustStaple() {
            return with(
                    new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24"),
                    false,
                    new DERSequence(new ASN1Encodable[] {new ASN1Integer(5)}));
        }

        public Maker usage(KeyPurposeId purpose) {
            return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        }

        public Maker with(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
            extensions.add(new Extended(id, critical, value));
            return this;
        }

        public Held signedBy(Held issuer) {
            return make(Optional.of(issuer));
        }

        public Held selfSigned() {
            return make(Optional.empty());
        }

        private Held make(Optional<Held> issuer) {
            try {
                var generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(256);
                KeyPair keys = generator.generateKeyPair();
                var subject = new X500Principal("CN=" + name);
                var builder = new JcaX509v3CertificateBuilder(
                        issuer.map(i -> i.certificate().getSubjectX500Principal()).orElse(subject),
                        serial,
                        Date.from(from),
                        Date.from(until),
                        subject,
                        keys.getPublic());
                for (Extended e : extensions) {
                    builder.addExtension(e.id(), e.critical(), e.value());
                }
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(GeneralName[]::new)));
                }
                ContentSigner signer =
                        issuer.map(Held::signer).orElseGet(() -> Pki.signer(keys));
                return new Held(keys, new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static GeneralName uri(String url) {
            return new GeneralName(GeneralName.uniformResourceIdentifier, url);
        }
    }
}
