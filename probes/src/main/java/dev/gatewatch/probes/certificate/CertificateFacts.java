package dev.gatewatch.probes.certificate;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.ChainJudge;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The facts of each single certificate, one series each. Pure functions. */
final class CertificateFacts {
    private static final String LABEL = "certificate";
    private static final String EXPIRY = "expiry";
    private static final String BEGIN = "begin";
    private static final String DAYS_LEFT = "days_left";
    private static final String LIFETIME_LEFT = "lifetime_left";
    private static final String COUNT = "cert_count";

    static final List<FactSpec> SPECS = List.of(
            FactSpec.family(EXPIRY, "probe_ssl_cert_not_after", LABEL, "When each certificate ends, in Unix seconds."),
            FactSpec.family(BEGIN, "probe_ssl_cert_not_before", LABEL, "When each certificate begins, in Unix seconds."),
            FactSpec.plainFamily(DAYS_LEFT, "Days until each certificate ends; negative afterwards."),
            FactSpec.family(
                    LIFETIME_LEFT,
                    "probe_ssl_cert_lifetime_left_ratio",
                    LABEL,
                    "Share of each certificate's lifetime that is left, from 0 to 1; negative afterwards."),
            FactSpec.gauge(COUNT, "probe_ssl_certificates", "How many certificates were found in files or key store."));

    private CertificateFacts() {}

    static void put(Report.Builder report, String key, X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        report.fact(EXPIRY + "." + key, (double) end.getEpochSecond());
        report.fact(
                BEGIN + "." + key,
                (double) certificate.getNotBefore().toInstant().getEpochSecond());
        report.fact(DAYS_LEFT + "." + key, ChainFacts.days(Duration.between(now, end)));
        report.fact(LIFETIME_LEFT + "." + key, ChainFacts.lifetimeLeft(certificate, now));
    }

    /** Of all that files or a key store hold, under the names that a server's chain has them. */
    static void putStored(Report.Builder report, Collection<X509Certificate> all, Instant now) {
        report.fact(COUNT, all.size());
        if (!all.isEmpty()) {
            Instant earliest = ChainFacts.earliestExpiry(List.copyOf(all));
            report.fact(ChainFacts.EARLIEST_EXPIRY, (double) earliest.getEpochSecond());
            report.fact(ChainFacts.DAYS_LEFT, ChainFacts.days(Duration.between(now, earliest)));
        }
    }

    /** A key for each certificate of a chain: its common name, with a number where it was taken. */
    static List<String> keys(List<X509Certificate> chain) {
        Set<String> taken = new HashSet<>();
        var keys = new ArrayList<String>();
        for (X509Certificate certificate : chain) {
            keys.add(free(name(certificate), taken));
        }
        return keys;
    }

    /** A key that is not taken yet; it is then. */
    static String free(String wanted, Set<String> taken) {
        String key = wanted;
        for (int number = 2; !taken.add(key); number++) {
            key = wanted + "#" + number;
        }
        return key;
    }

    private static String name(X509Certificate certificate) {
        String quoted = ChainJudge.shortName(certificate);
        String name = clean(quoted.substring(1, quoted.length() - 1));
        return name.isBlank() ? "unnamed" : name;
    }

    /** A text of a stranger's as a label: short, and without what would break a line. */
    static String clean(String text) {
        String plain = text.replaceAll("[\\p{Cntrl}\\p{Cs}]", " ");
        return plain.length() <= 120 ? plain : plain.substring(0, 120);
    }
}
