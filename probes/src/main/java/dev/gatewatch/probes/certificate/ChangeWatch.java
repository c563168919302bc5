package dev.gatewatch.probes.certificate;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Concern;
import dev.gatewatch.probes.tls.ChainFacts;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Compares certificates with those that earlier runs saw under the same keys, which the series' memory keeps. A change is told in the one run that sees it
 * first.
 */
enum ChangeWatch {
    OFF,
    /** Another issuer is told; a renewal by the same is only a fact. */
    ISSUER,
    /** Any other certificate is told. */
    FINGERPRINT;

    private static final String CHANGED = "cert_changed";

    static final FactSpec SPEC = FactSpec.gauge(
            CHANGED,
            "probe_ssl_cert_changed",
            "How many certificates are others than when last seen; absent under \"watch_changes: off\".");

    private static final String MEMORY = "certificates.";
    private static final int PAGE = 60_000;
    private static final int MOST_PAGES = 20;
    private static final int MOST_KEPT = 3_000;
    private static final int LONGEST_ISSUER = 300;
    private static final int HEX_SHOWN = 16;

    /** What is kept of a certificate. */
    private record Kept(String fingerprint, String issuer) {
        static Kept of(X509Certificate certificate) {
            String issuer = CertificateFacts.clean(certificate.getIssuerX500Principal().getName());
            return new Kept(
                    ChainFacts.fingerprint(certificate),
                    issuer.substring(0, Math.min(LONGEST_ISSUER, issuer.length())));
        }

        String shown() {
            return fingerprint.substring(0, Math.min(HEX_SHOWN, fingerprint.length())) + "… of " + issuer;
        }
    }

    /**
     * Compares and remembers.
     *
     * @param certificates by keys that stay the same from run to run
     */
    List<Concern> compare(SequencedMap<String, X509Certificate> certificates, Memory memory, Report.Builder report) {
        if (this == OFF) {
            return List.of();
        }
        Map<String, Kept> before = recall(memory);
        var after = new LinkedHashMap<String, Kept>();
        var concerns = new ArrayList<Concern>();
        int changes = 0;
        for (Map.Entry<String, X509Certificate> entry : certificates.entrySet()) {
            Kept now = Kept.of(entry.getValue());
            after.put(entry.getKey(), now);
            Kept then = before.get(entry.getKey());
            if (then == null || then.fingerprint().equals(now.fingerprint())) {
                continue;
            }
            changes++;
            boolean sameIssuer = then.issuer().equals(now.issuer());
            String text = (sameIssuer ? "the certificate is another than before: was "
                            : "the certificate is of another issuer than before: was ")
                    + then.shown() + ", is " + now.shown();
            if (this == FINGERPRINT || !sameIssuer) {
                concerns.add(Concern.degraded(new Failure(Cause.CERT_CHANGED, text)).of(entry.getKey()));
            } else {
                report.evidence("renewed", entry.getKey() + ": " + text);
            }
        }
        report.fact(CHANGED, changes);
        // what cannot be seen in this run is compared when it is seen again
        before.forEach((key, value) -> {
            if (after.size() < MOST_KEPT) {
                after.putIfAbsent(key, value);
            }
        });
        if (!after.equals(before)) {
            remember(after, memory);
        }
        return concerns;
    }

    private static Map<String, Kept> recall(Memory memory) {
        var kept = new LinkedHashMap<String, Kept>();
        for (int page = 0; page < MOST_PAGES; page++) {
            Optional<String> text = memory.get(MEMORY + page);
            if (text.isEmpty()) {
                break;
            }
            text.get().lines().map(line -> line.split("\t", 3)).filter(parts -> parts.length == 3).forEach(parts ->
                    kept.put(parts[2], new Kept(parts[0], parts[1])));
        }
        return kept;
    }

    /** What goes beyond the pages that a memory has room for is not watched. */
    private static void remember(Map<String, Kept> kept, Memory memory) {
        var pages = new ArrayList<StringBuilder>(List.of(new StringBuilder()));
        kept.forEach((key, value) -> {
            String line = value.fingerprint() + "\t" + value.issuer() + "\t" + key + "\n";
            if (pages.getLast().length() + line.length() > PAGE) {
                pages.add(new StringBuilder());
            }
            pages.getLast().append(line);
        });
        for (int page = 0; page < MOST_PAGES; page++) {
            if (page < pages.size()) {
                memory.put(MEMORY + page, pages.get(page).toString());
            } else {
                memory.remove(MEMORY + page);
            }
        }
    }
}
