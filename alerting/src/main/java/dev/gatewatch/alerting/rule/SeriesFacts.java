package dev.gatewatch.alerting.rule;

import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.FactSpec;
import java.util.Map;
import java.util.Optional;

/**
 * What conditions know of a series beside its runs. Immutable.
 *
 * @param expiry the name of the fact that tells when the certificate ends (seconds since the epoch), where runs report one
 * @param lifetime the facts that tell which share of a certificate's lifetime is left
 * @param labels the probe's
 */
record SeriesFacts(Optional<String> expiry, Optional<FactSpec> lifetime, Map<String, String> labels) {
    /** How blackbox_exporter names the gauge that says when the presented chain ends; types name the fact behind it as they like. */
    private static final String EXPIRY_METRIC = "probe_ssl_earliest_cert_expiry";

    private static final String LIFETIME_METRIC = "probe_ssl_cert_lifetime_left_ratio";

    static SeriesFacts of(ProbeSpec spec) {
        return new SeriesFacts(
                behind(spec, EXPIRY_METRIC).map(FactSpec::name), behind(spec, LIFETIME_METRIC), spec.labels());
    }

    private static Optional<FactSpec> behind(ProbeSpec spec, String metric) {
        return spec.type().facts().stream()
                .filter(fact -> fact.metric().filter(metric::equals).isPresent())
                .findFirst();
    }
}
