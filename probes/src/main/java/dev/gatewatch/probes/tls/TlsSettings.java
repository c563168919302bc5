package dev.gatewatch.probes.tls;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a probe speaks TLS: whom it trusts, who it is, and by what name it asks. Files are read when the configuration is. Immutable;
 * safe for many threads.
 *
 * @param trust what a chain may end at
 * @param serverName the name to send (SNI) and to find in the certificate, instead of the target's host
 * @param insecure whether to go on whatever is wrong with the chain; what is seen of it is still reported as facts
 * @param minVersion the oldest version offered
 * @param maxVersion the newest version offered
 */
public record TlsSettings(
        TrustAnchors trust,
        Optional<ClientIdentity> identity,
        Optional<String> serverName,
        boolean insecure,
        TlsVersion minVersion,
        TlsVersion maxVersion) {
    /** Settings that offer the newest version. */
    public TlsSettings(
            TrustAnchors trust,
            Optional<ClientIdentity> identity,
            Optional<String> serverName,
            boolean insecure,
            TlsVersion minVersion) {
        this(trust, identity, serverName, insecure, minVersion, TlsVersion.TLS13);
    }

    /** The runtime's trusted authorities, no client certificate, TLS 1.2 or newer. */
    public static TlsSettings standard() {
        return new TlsSettings(TrustAnchors.system(), Optional.empty(), Optional.empty(), false, TlsVersion.TLS12);
    }

    private static final Key<Path> TRUST = Key.optional(
            "trust",
            Types.readableFile(),
            "PEM file of the certificates to trust, instead of the Java runtime's authorities.");
    private static final Key<Path> CERT =
            Key.optional("cert", Types.readableFile(), "PEM file of the client certificate, own certificate first.");
    private static final Key<Path> KEY = Key.optional(
            "key", Types.readableFile(), "PEM file of the client certificate's private key, not encrypted.");
    private static final Key<String> SERVER_NAME = serverNameKey();
    private static final Key<Boolean> INSECURE = Key.withDefault(
            "insecure",
            Types.bool(),
            false,
            "false",
            "Go on whatever is wrong with the certificate. For targets whose certificate another probe watches.");
    private static final Key<TlsVersion> MIN_VERSION = minVersionKey();
    private static final Key<TlsVersion> MAX_VERSION = Key.withDefault(
            "max_version",
            versionType(),
            TlsVersion.TLS13,
            "TLS13",
            "Newest version to offer: TLS12 or TLS13; to see that a server still speaks the older one.");

    /** The {@code tls} section of a probe. */
    public static final SectionType<TlsSettings> TYPE = SectionType.of(
            "tls", List.of(TRUST, CERT, KEY, SERVER_NAME, INSECURE, MIN_VERSION, MAX_VERSION), TlsSettings::read);

    /** The key {@code server_name}, for types that have it outside a {@code tls} section. */
    public static Key<String> serverNameKey() {
        return Key.optional(
                "server_name",
                Types.text("a host name", "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})"),
                "Name to ask for (SNI) and to find in the certificate, instead of the target's host.");
    }

    /** The key {@code min_version}, for types that have it outside a {@code tls} section. */
    public static Key<TlsVersion> minVersionKey() {
        return Key.withDefault(
                "min_version", versionType(), TlsVersion.TLS12, "TLS12", "Oldest version to offer: TLS12 or TLS13.");
    }

    private static ValueType<TlsVersion> versionType() {
        var words = new java.util.LinkedHashMap<String, TlsVersion>();
        for (TlsVersion version : TlsVersion.values()) {
            words.put(version.name(), version);
        }
        return Types.oneOf(words);
    }

    /** Reads the trust bundle that a key names; after a problem was told the runtime's anchors stand in. */
    public static TrustAnchors trustOf(Section section, Key<Path> key) {
        return section.find(key)
                .flatMap(file -> certificates(section, key, file))
                .map(TrustAnchors::of)
                .orElseGet(TrustAnchors::system);
    }

    private static TlsSettings read(Section section) {
        if (section.get(MIN_VERSION).compareTo(section.get(MAX_VERSION)) > 0) {
            section.problem(MAX_VERSION, "max_version is older than min_version: no version is left to offer");
        }
        return new TlsSettings(
                trustOf(section, TRUST),
                identity(section),
                section.find(SERVER_NAME),
                section.get(INSECURE),
                section.get(MIN_VERSION),
                section.get(MAX_VERSION));
    }

    private static Optional<ClientIdentity> identity(Section section) {
        Optional<Path> cert = section.find(CERT);
        Optional<Path> key = section.find(KEY);
        if (cert.isPresent() != key.isPresent()) {
            section.problem(cert.isPresent() ? CERT : KEY, "cert and key go together; one of them is missing");
            return Optional.empty();
        }
        if (cert.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        Optional<List<X509Certificate>> chain = certificates(section, CERT, cert.get());
        try {
            var identityKey = PrivateKeyPem.read(key.get());
            if (chain.isEmpty()) {
                return Optional.empty();
            }
            if (!PrivateKeyPem.belongs(identityKey, chain.get().getFirst().getPublicKey())) {
                section.problem(
                        KEY, "the key in " + key.get() + " does not belong to the certificate in " + cert.get());
                return Optional.empty();
            }
            return Optional.of(new ClientIdentity(chain.get(), identityKey));
        } catch (PemException e) {
            section.problem(KEY, e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<List<X509Certificate>> certificates(Section section, Key<Path> key, Path file) {
        try {
            return Optional.of(CertificatePem.read(file));
        } catch (PemException e) {
            section.problem(key, e.getMessage());
            return Optional.empty();
        }
    }

    /** What is offered, the oldest first. */
    List<TlsVersion> versions() {
        return minVersion.upTo(maxVersion);
    }

    /** The name to ask {@code host} for and to find in its certificate. */
    public String nameFor(String host) {
        return serverName.orElse(host);
    }

    /**
     * The TLS side of one run. A chain with a fault ends the handshake before anything is sent, unless {@link #insecure}.
     *
     * @param host the target's host; {@link #serverName} stands for this host only, not for others that redirects lead to
     * @param now when to judge the chain for: the run's clock
     */
    public TlsRun begin(String host, Instant now) {
        return new TlsRun(this, host, now, !insecure);
    }

    /** As {@link #begin}, and the handshake goes on whatever the chain: the probe itself asks for the verdict afterwards. */
    public TlsRun beginWatching(String host, Instant now) {
        return new TlsRun(this, host, now, false);
    }
}
