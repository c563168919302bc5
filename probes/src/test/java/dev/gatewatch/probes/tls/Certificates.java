package dev.gatewatch.probes.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import okhttp3.tls.HeldCertificate;

/** Certificates for tests: an authority, an intermediate, and servers' own with one thing wrong each. Made anew for each run of tests. */
public final class Certificates {
    /** When tests that judge by a clock of their own take place. */
    public static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    public static final String HOST = "pay.example";

    public static final HeldCertificate ROOT = authority("Root", 1).build();
    public static final HeldCertificate INTERMEDIATE = authority("Intermediate", 0).signedBy(ROOT).build();
    public static final HeldCertificate STRANGER = authority("Stranger", 1).build();

    private Certificates() {}

    private static HeldCertificate.Builder authority(String name, int pathLength) {
        return new HeldCertificate.Builder()
                .certificateAuthority(pathLength)
                .commonName(name)
                .validityInterval(millis(-3_650), millis(3_650));
    }

    /** A server's certificate, issued by {@link #INTERMEDIATE} for {@link #HOST} and loopback, valid from 60 days ago for 90 days. */
    public static HeldCertificate.Builder server() {
        return unnamed().addSubjectAlternativeName(HOST).addSubjectAlternativeName("127.0.0.1");
    }

    /** As {@link #server}, without a name in it yet. */
    public static HeldCertificate.Builder unnamed() {
        return new HeldCertificate.Builder()
                .commonName("Pay")
                .signedBy(INTERMEDIATE)
                .serialNumber(BigInteger.valueOf(0x0A0B0C))
                .validityInterval(millis(-60), millis(30));
    }

    /** Valid from and to a number of days from {@link #NOW}. */
    public static HeldCertificate serverFor(int fromDays, int toDays) {
        return server().validityInterval(millis(fromDays), millis(toDays)).build();
    }

    /** With an RSA key of only 1024 bits. */
    public static HeldCertificate weakKey() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(1024);
            return server().keyPair(generator.generateKeyPair()).build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signed by its own key. */
    public static HeldCertificate selfSigned() {
        return new HeldCertificate.Builder()
                .commonName("localhost")
                .addSubjectAlternativeName(HOST)
                .addSubjectAlternativeName("127.0.0.1")
                .validityInterval(millis(-60), millis(30))
                .build();
    }

    /** The certificates as presented. */
    public static List<X509Certificate> chain(HeldCertificate... held) {
        return java.util.Arrays.stream(held).map(HeldCertificate::certificate).toList();
    }

    /** A certificate that lies in the test resources. */
    public static X509Certificate resource(String name) throws IOException, PemException, URISyntaxException {
        var url = Certificates.class.getResource(name + ".pem");
        if (url == null) {
            throw new IOException("no resource " + name);
        }
        return CertificatePem.read(Path.of(url.toURI())).getFirst();
    }

    /** Writes texts into one file. */
    public static Path write(Path folder, String name, String... texts) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", texts));
    }

    private static long millis(int days) {
        return NOW.plus(Duration.ofDays(days)).toEpochMilli();
    }
}
