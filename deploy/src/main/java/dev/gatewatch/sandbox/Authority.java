package dev.gatewatch.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HeldCertificate;

/**
 * The sandbox's own certificate authority: a root, an issuing authority below it, and the server certificates it makes. Keys are
 * ECDSA P-256, made anew at each start, and never leave memory. Safe for many threads.
 */
final class Authority {
    /** A server certificate that the gateway can show. */
    enum Certificate {
        /** Good for 90 days. */
        VALID(-1, 90, Kind.USUAL),
        /** Ended yesterday. */
        EXPIRED(-90, -1, Kind.USUAL),
        /** Good, and ends in 5 days. */
        EXPIRING(-85, 5, Kind.USUAL),
        /** Good for another host only. */
        WRONG_HOST(-1, 90, Kind.OTHER_HOST),
        /** Good from the day after tomorrow. */
        NOT_YET_VALID(2, 90, Kind.USUAL),
        /** Signed by itself. */
        SELF_SIGNED(-1, 90, Kind.SELF_SIGNED),
        /** Signed by an authority that nobody knows. */
        STRANGE(-1, 90, Kind.STRANGE),
        /** With a key that is too short for our days. */
        WEAK(-1, 90, Kind.WEAK);

        private enum Kind {
            USUAL,
            OTHER_HOST,
            SELF_SIGNED,
            STRANGE,
            WEAK
        }

        private final Duration start;
        private final Duration end;
        private final Kind kind;

        Certificate(int startDay, int endDay, Kind kind) {
            this.start = Duration.ofDays(startDay);
            this.end = Duration.ofDays(endDay);
            this.kind = kind;
        }

        private List<String> names() {
            return kind != Kind.OTHER_HOST
                    ? List.of(Zone.GATEWAY, "eu." + Zone.GATEWAY, "ap." + Zone.GATEWAY, "localhost", "127.0.0.1")
                    : List.of("shop.sandbox.test");
        }
    }

    private final Instant now;
    private final HeldCertificate root;
    private final HeldCertificate issuer;
    private final ReentrantLock making = new ReentrantLock();
    /** Guarded by {@link #making}. */
    private final Map<Certificate, SSLSocketFactory> served = new EnumMap<>(Certificate.class);

    Authority(Clock clock) {
        now = clock.instant();
        root = authority("Gatewatch Sandbox Root CA", 1).build();
        issuer = authority("Gatewatch Sandbox Issuing CA", 0).signedBy(root).build();
    }

    private HeldCertificate.Builder authority(String name, int authoritiesBelow) {
        return new HeldCertificate.Builder()
                .certificateAuthority(authoritiesBelow)
                .commonName(name)
                .organizationalUnit("sandbox")
                .validityInterval(
                        now.minus(Duration.ofDays(365)).toEpochMilli(),
                        now.plus(Duration.ofDays(3650)).toEpochMilli());
    }

    /** The certificate that a client of the sandbox has to trust. */
    X509Certificate root() {
        return root.certificate();
    }

    /** Writes the root certificate as PEM; the file is there in whole or not at all. */
    void writeRoot(Path file) throws IOException {
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "ca", ".pem.new");
        try {
            Files.writeString(fresh, root.certificatePem());
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * Makes server sockets that show this certificate. Each certificate has a TLS context of its own, so that a session begun under
     * one is never resumed under another: a resumed session shows no certificate, and a client would not notice the change.
     */
    SSLSocketFactory serving(Certificate certificate) {
        making.lock();
        try {
            return served.computeIfAbsent(certificate, this::make);
        } finally {
            making.unlock();
        }
    }

    private static KeyPair shortKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(1_024);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make RSA keys", e);
        }
    }

    /** The authority that signs server certificates. */
    HeldCertificate issuer() {
        return issuer;
    }

    /** The authority that signs the one that signs. */
    HeldCertificate rootAuthority() {
        return root;
    }

    /** A certificate for something beside the gateway. */
    HeldCertificate issue(String name) {
        return new HeldCertificate.Builder()
                .commonName(name)
                .addSubjectAlternativeName(name)
                .signedBy(issuer)
                .validityInterval(
                        now.minus(Duration.ofDays(1)).toEpochMilli(), now.plus(Duration.ofDays(90)).toEpochMilli())
                .build();
    }

    private SSLSocketFactory make(Certificate certificate) {
        var builder = new HeldCertificate.Builder()
                .commonName(certificate.names().getFirst())
                .validityInterval(
                        now.plus(certificate.start).toEpochMilli(),
                        now.plus(certificate.end).toEpochMilli());
        certificate.names().forEach(builder::addSubjectAlternativeName);
        HeldCertificate signer = issuer;
        switch (certificate.kind) {
            case USUAL, OTHER_HOST -> builder.signedBy(issuer);
            case SELF_SIGNED -> {}
            case STRANGE -> {
                signer = authority("Nobody's CA", 0).build();
                builder.signedBy(signer);
            }
            case WEAK -> builder.signedBy(issuer).keyPair(shortKeys());
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            var identity = new OneIdentity(builder.build(), signer.certificate(), certificate.kind != Certificate.Kind.SELF_SIGNED);
            context.init(new KeyManager[] {identity}, null, new SecureRandom());
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make a TLS server", e);
        }
    }
}
