package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.revocation.RevocationCheck;
import dev.gatewatch.probes.revocation.RevocationFacts;
import dev.gatewatch.probes.revocation.RevocationSettings;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.Strength;
import dev.gatewatch.probes.tls.TlsSettings;
import dev.gatewatch.probes.tls.TlsVersion;
import dev.gatewatch.probes.tls.TrustAnchors;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** {@code type: certificate}: the certificates that a TLS server presents, or that lie in files or a key store, whatever is wrong with them. */
public final class CertificateProbeType implements ProbeType {
    private static final Key<HostPort> TARGET = Key.optional(
            "target",
            Types.hostPort(443),
            "Server to connect to; TLS is spoken from the first byte. One of target, files and keystore has to be there.");
    private static final Key<List<FilePattern>> FILES = Key.optional(
            "files",
            Types.oneOrMore(FilePattern.TYPE),
            "Files of certificates (PEM, DER, PKCS#7) by path, folder or glob, looked for and read anew in each run. Every certificate"
                    + " in them is judged for itself; of a folder those files that hold certificates.");
    private static final Key<KeyStoreFile> KEYSTORE = Key.optional(
            "keystore", KeyStoreFile.SECTION, "A key store, each entry of which is judged for itself.");
    private static final Key<List<FilePattern>> KEY_FILES = Key.withDefault(
            "key_files",
            Types.oneOrMore(FilePattern.TYPE),
            List.of(),
            "none",
            "Private keys by path, folder or glob that nobody but their owner may read: else key_exposed, failed where everybody may,"
                    + " degraded where a group may. Need not be readable by the daemon. Keys in files are watched likewise.");
    private static final Key<Boolean> GROUP_MAY_READ = Key.withDefault(
            "key_group_may_read",
            Types.bool(),
            false,
            "false",
            "Whether a private key may be open to its file's group, as to Debian's ssl-cert.");
    private static final Key<String> SERVER_NAME = Key.optional(
            "server_name",
            TlsSettings.serverNameKey().type(),
            "Name to ask for (SNI) and to find in the certificate, instead of the target's host; of files and a key store the name"
                    + " that each certificate but authorities' has to hold.");
    private static final Key<TrustAnchors> TRUST = Key.optional(
            "trust",
            new TrustType(),
            "PEM file of the certificates to trust, or system for the Java runtime's authorities. Default: system for a target;"
                    + " for files and a key store it does not matter who issued a certificate.");
    private static final Key<Duration> DEGRADED_WITHIN = Key.withDefault(
            "degraded_within",
            Types.duration(Duration.ZERO, Duration.ofDays(3_650)),
            Duration.ofDays(14),
            "14d",
            "The run is degraded (cert_expiring) when a certificate or the chain ends sooner than this. Where it is not written it"
                    + " counts only for certificates that live longer than 28 days; degraded_share does for the others.");
    private static final Key<Double> DEGRADED_SHARE = Key.withDefault(
            "degraded_share",
            Types.percent(),
            0.2,
            "20%",
            "The run is degraded (cert_expiring) when less than this share of a certificate's lifetime is left. Where it is not"
                    + " written it counts only for certificates that live too short for degraded_within.");
    private static final Key<TlsVersion> MIN_VERSION = TlsSettings.minVersionKey();
    private static final Key<Integer> MIN_RSA_BITS = Key.withDefault(
            "min_rsa_bits",
            Types.integer(512, 16_384),
            Strength.STANDARD.leastRsa(),
            "2048",
            "Smallest RSA or DSA key in bits; a smaller one is cert_weak.");
    private static final Key<Integer> MIN_EC_BITS = Key.withDefault(
            "min_ec_bits",
            Types.integer(112, 521),
            Strength.STANDARD.leastEc(),
            "224",
            "Smallest elliptic-curve key in bits; a smaller one is cert_weak.");
    private static final Key<SequencedSet<String>> WEAK_SIGNATURES = Key.withDefault(
            "weak_signatures",
            Types.set(Types.oneOf(hashes())),
            new LinkedHashSet<>(List.of("MD2", "MD5", "SHA1")),
            "[md2, md5, sha1]",
            "Hashes that a certificate must not be signed with (cert_weak).");
    private static final Key<ChangeWatch> WATCH_CHANGES = Key.withDefault(
            "watch_changes",
            Types.oneOf(ChangeWatch.class),
            ChangeWatch.ISSUER,
            "issuer",
            "Which change degrades the one run that sees it first (cert_changed): fingerprint for any other"
                    + " certificate, issuer for one of another authority, off for none.");

    private static SequencedMap<String, String> hashes() {
        var words = new LinkedHashMap<String, String>();
        for (String hash : List.of("md2", "md5", "sha1", "sha224", "sha256", "sha384", "sha512")) {
            words.put(hash, hash.toUpperCase(Locale.ROOT));
        }
        return words;
    }

    @Override
    public String name() {
        return "certificate";
    }

    @Override
    public String description() {
        return "Judges dates, trust, host name, strength, revocation and changes of the certificates that a TLS server presents or that"
                + " lie in files or a key store.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(
                TARGET,
                FILES,
                KEYSTORE,
                SERVER_NAME,
                TRUST,
                RevocationSettings.KEY,
                DEGRADED_WITHIN,
                DEGRADED_SHARE,
                MIN_RSA_BITS,
                MIN_EC_BITS,
                WEAK_SIGNATURES,
                WATCH_CHANGES,
                KEY_FILES,
                GROUP_MAY_READ,
                MIN_VERSION);
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        return Stream.of(
                        NetFacts.SPECS,
                        ChainFacts.SPECS,
                        CertificateFacts.SPECS,
                        RevocationFacts.SPECS,
                        List.of(ChangeWatch.SPEC))
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<String> phases() {
        return List.of("resolve", "connect", "tls", StoredProbe.PHASE, RevocationCheck.PHASE);
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_certificate_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        checkSources(section);
        Optional<HostPort> target = section.find(TARGET);
        return target.isPresent() ? endpoint(section, target.get()) : stored(section);
    }

    private static void checkSources(Section section) {
        List<Key<?>> given = Stream.<Key<?>>of(TARGET, FILES, KEYSTORE).filter(section::has).toList();
        if (given.isEmpty() && !section.has(KEY_FILES)) {
            section.problem(
                    TARGET, "nothing to look at: give target (a server), files, keystore, or key_files to watch only those");
        } else if (given.size() > 1) {
            section.problem(
                    given.getLast(),
                    given.get(0) + " and " + given.get(1) + " do not go together; make a probe for each");
        }
        if (section.has(TARGET)) {
            return;
        }
        if (section.has(MIN_VERSION)) {
            section.problem(MIN_VERSION, "min_version makes sense only with target; nobody is spoken to here");
        }
        if (given.isEmpty() && section.has(KEY_FILES)) {
            Stream.of(SERVER_NAME, TRUST, RevocationSettings.KEY, DEGRADED_WITHIN, DEGRADED_SHARE, WATCH_CHANGES)
                    .filter(section::has)
                    .forEach(key -> section.problem(
                            key, key + " makes no sense with key_files alone; give target, files or keystore too"));
        }
    }

    private static Probe endpoint(Section section, HostPort target) {
        if (section.has(KEY_FILES)) {
            section.problem(KEY_FILES, "key_files lie on this machine and target does not; make a probe for each");
        }
        var settings = new TlsSettings(
                section.find(TRUST).orElseGet(TrustAnchors::system),
                Optional.empty(),
                section.find(SERVER_NAME),
                false,
                section.get(MIN_VERSION));
        return new EndpointProbe(Connector.of(section, IpFamily.ANY), target, settings, rules(section));
    }

    private static Probe stored(Section section) {
        var exposure = new KeyExposure(section.get(GROUP_MAY_READ));
        Optional<Holdings> holdings = section.find(FILES)
                .<Holdings>map(files -> new HoldingFiles(files, exposure))
                .or(() -> section.find(KEYSTORE));
        return new StoredProbe(holdings, section.get(KEY_FILES), exposure, rules(section));
    }

    private static Rules rules(Section section) {
        return new Rules(
                section.find(TRUST),
                section.find(SERVER_NAME),
                new Strength(section.get(MIN_RSA_BITS), section.get(MIN_EC_BITS), section.get(WEAK_SIGNATURES)),
                new ExpiryWindow(
                        section.get(DEGRADED_WITHIN),
                        section.has(DEGRADED_WITHIN),
                        section.get(DEGRADED_SHARE),
                        section.has(DEGRADED_SHARE)),
                RevocationCheck.of(section, section.get(RevocationSettings.KEY)),
                section.get(WATCH_CHANGES));
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        return target.startsWith("tls:")
                ? Optional.of(Map.of(TARGET.name(), target.substring("tls:".length())))
                : Optional.empty();
    }
}
