package dev.gatewatch.alerting.rule;

import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.FactSpec;
import java.util.Map;
import java.util.Optional;

/**
 * What conditions know of a series beside its runs. Immutable.
 *
 * @param expiry the name of the fact that tells when the certificate ends (seconds since the epoch), where runs report one
 * @param lifetime the facts that tell which share of each certificate's lifetime is left, where all are looked at
 * @param labels the probe's
 */
record SeriesFacts(Optional<String> expiry, Optional<FactSpec> lifetime, Map<String, String> labels) {
    /** How blackbox_exporter names the gauge that says when the presented chain ends; types name the fact behind it as they like. */
    private static final String EXPIRY_METRIC = "probe_ssl_earliest_cert_expiry";

    /** The share of a server's own certificate, as all types that speak TLS name it. */
    static final String LIFETIME = "cert_lifetime_left";

    /** Behind this stand the shares of all certificates that were found, where there is no server. */
    private static final String LIFETIME_METRIC = "probe_ssl_cert_lifetime_left_ratio";

    static SeriesFacts of(ProbeSpec spec) {
        return new SeriesFacts(
                behind(spec, EXPIRY_METRIC).map(FactSpec::name), behind(spec, LIFETIME_METRIC), spec.labels());
    }

    /** Whether runs of this probe may tell which share of a certificate's lifetime is left. */
    static boolean tellsLifetime(ProbeSpec spec) {
        return behind(spec, LIFETIME_METRIC).isPresent()
                || spec.type().facts().stream().anyMatch(fact -> fact.name().equals(LIFETIME));
    }

    private static Optional<FactSpec> behind(ProbeSpec spec, String metric) {
        return spec.type().facts().stream()
                .filter(fact -> fact.metric().filter(metric::equals).isPresent())
                .findFirst();
    }
}
