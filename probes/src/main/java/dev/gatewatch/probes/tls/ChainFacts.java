package dev.gatewatch.probes.tls;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** The facts of a presented chain, under blackbox_exporter's metric names and in its formats. Pure functions. */
public final class ChainFacts {
    /** Unix seconds of the earliest end among the presented certificates. */
    public static final String EARLIEST_EXPIRY = "cert_expiry";
    /** Days until {@link #EARLIEST_EXPIRY}, with fractions; negative when it has passed. */
    public static final String DAYS_LEFT = "cert_days_left";

    private static final String CHAIN_EXPIRY = "cert_chain_expiry";
    private static final String LIFETIME_LEFT = "cert_lifetime_left";
    private static final String CHAIN_LENGTH = "cert_chain_length";
    private static final String FINGERPRINT = "cert_fingerprint_sha256";
    private static final String SUBJECT = "cert_subject";
    private static final String ISSUER = "cert_issuer";
    private static final String NAMES = "cert_names";
    private static final String SERIAL = "cert_serial";
    private static final String VERSION = "tls_version";
    private static final String CIPHER = "tls_cipher";

    /** For {@link dev.gatewatch.probe.ProbeType#facts}. */
    public static final List<FactSpec> SPECS = List.of(
            FactSpec.gauge(
                    EARLIEST_EXPIRY,
                    "probe_ssl_earliest_cert_expiry",
                    "Earliest end date among the presented certificates, in Unix seconds."),
            FactSpec.gauge(
                    CHAIN_EXPIRY,
                    "probe_ssl_last_chain_expiry_timestamp_seconds",
                    "Earliest end date on the verified path, in Unix seconds; absent without one, and with insecure: true."),
            FactSpec.info(
                    FINGERPRINT,
                    "probe_ssl_last_chain_info",
                    List.of("fingerprint_sha256", "subject", "issuer", "subjectalternative", "serialnumber"),
                    List.of(FINGERPRINT, SUBJECT, ISSUER, NAMES, SERIAL),
                    "SHA-256 of the server's certificate, in lower-case hex."),
            FactSpec.plain(SUBJECT, "Subject of the server's certificate, as Go and so blackbox_exporter write it: CN=…,OU=…,O=…,C=…."),
            FactSpec.plain(ISSUER, "Issuer of the server's certificate, written likewise."),
            FactSpec.plain(NAMES, "DNS names of the server's certificate, joined by commas."),
            FactSpec.plain(SERIAL, "Serial number of the server's certificate, in lower-case hex."),
            FactSpec.info(VERSION, "probe_tls_version_info", "version", "TLS version of the connection, as \"TLS 1.3\"."),
            FactSpec.info(CIPHER, "probe_tls_cipher_info", "cipher", "Cipher suite of the connection."),
            FactSpec.plain(DAYS_LEFT, "Days until the first presented certificate ends; negative afterwards."),
            FactSpec.plain(
                    LIFETIME_LEFT,
                    "Share of the server's certificate's lifetime that is left, from 0 to 1; negative afterwards."),
            FactSpec.plain(CHAIN_LENGTH, "How many certificates the server presented."));

    private ChainFacts() {}

    /** Puts what a run saw into its report; nothing where no handshake came as far as the certificate. */
    public static void put(Report.Builder report, TlsRun run) {
        run.recorder().seen().ifPresent(seen -> put(report, seen, run.settings().insecure(), run.recorder().now()));
    }

    private static void put(Report.Builder report, ChainRecorder.Seen seen, boolean insecure, Instant now) {
        X509Certificate leaf = seen.chain().getFirst();
        Instant earliest = earliestExpiry(seen.chain());
        report.fact(EARLIEST_EXPIRY, (double) earliest.getEpochSecond());
        // where nothing is verified, a path that would do is not said to have been
        seen.verdict().verifiedUntil().filter(_ -> !insecure).ifPresent(until -> report.fact(CHAIN_EXPIRY, (double) until.getEpochSecond()));
        report.fact(DAYS_LEFT, days(Duration.between(now, earliest)));
        report.fact(LIFETIME_LEFT, lifetimeLeft(leaf, now));
        report.fact(CHAIN_LENGTH, seen.chain().size());
        report.fact(FINGERPRINT, fingerprint(leaf));
        report.fact(SUBJECT, GoName.of(leaf.getSubjectX500Principal()));
        report.fact(ISSUER, GoName.of(leaf.getIssuerX500Principal()));
        report.fact(NAMES, String.join(",", HostNames.dnsNames(leaf)));
        report.fact(SERIAL, serial(leaf.getSerialNumber()));
        report.fact(VERSION, seen.versionDisplay());
        report.fact(CIPHER, seen.cipher());
    }

    /** What was agreed on in a handshake that did not come as far as the certificate. */
    public static void negotiated(Report.Builder report, String versionDisplay, String cipher) {
        report.fact(VERSION, versionDisplay);
        report.fact(CIPHER, cipher);
    }

    /** The earliest end among certificates; the far future for none. */
    public static Instant earliestExpiry(List<X509Certificate> chain) {
        return chain.stream()
                .map(c -> c.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** What to say of a chain that ends soon. */
    public static String endsSoon(Instant end, Instant now) {
        return "the certificate chain ends in " + Validity.about(Duration.between(now, end)) + " ("
                + Validity.minute(end) + ")";
    }

    /** A duration in the largest unit that fits: {@code 3 days}. */
    public static String about(Duration duration) {
        return Validity.about(duration);
    }

    /** One line a certificate, the server's own first: for {@link dev.gatewatch.probe.Evidence}. */
    public static String describe(List<X509Certificate> chain) {
        return chain.stream().map(ChainFacts::line).collect(Collectors.joining("\n"));
    }

    private static String line(X509Certificate certificate) {
        List<String> names = HostNames.all(certificate);
        return certificate.getSubjectX500Principal().getName() + ", issued by "
                + certificate.getIssuerX500Principal().getName() + ", valid "
                + Validity.minute(certificate.getNotBefore().toInstant()) + " to "
                + Validity.minute(certificate.getNotAfter().toInstant())
                + (names.isEmpty() ? "" : ", for " + String.join(" ", names.stream().limit(20).toList()));
    }

    /** Days with two digits after the point; negative for what has passed. */
    public static double days(Duration duration) {
        return Math.round(duration.toSeconds() / 864.0) / 100.0;
    }

    /** The share of a certificate's lifetime that is left, from 0 to 1; negative afterwards. */
    public static double lifetimeLeft(X509Certificate certificate, Instant now) {
        Instant until = certificate.getNotAfter().toInstant();
        double whole =
                Duration.between(certificate.getNotBefore().toInstant(), until).toSeconds();
        double left = Duration.between(now, until).toSeconds();
        return whole <= 0 ? 0 : Math.round(1_000 * left / whole) / 1_000.0;
    }

    /** SHA-256 of the whole certificate in lower-case hex. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As Go's {@code %x} of the number's bytes: whole bytes, none of them leading zeros. */
    private static String serial(BigInteger serial) {
        String hex = serial.abs().toString(16);
        return hex.length() % 2 == 0 ? hex : "0" + hex;
    }
}
