package dev.gatewatch.metrics;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Which metrics of a prober blackbox_exporter gives whatever came of the run, and how it divides the time. Immutable.
 *
 * @param phases its phases, each with ours that it is made of
 * @param once the metric without which the phases behind the first are not there; empty where all always are, {@link #WHEN_REACHED} where
 *     each is only when the run came to it
 * @param zeros what is 0 until something else is seen
 * @param hidden what it does not have for this prober
 */
record BlackboxShape(SequencedMap<String, List<String>> phases, String once, List<String> zeros, List<String> hidden) {
    private static final String WHEN_REACHED = "reached";

    private static final String LOOKUP = "probe_dns_lookup_time_seconds";
    private static final String HASH = "probe_ip_addr_hash";
    private static final String PROTOCOL = "probe_ip_protocol";
    private static final String EXPIRY = "probe_ssl_earliest_cert_expiry";
    private static final String CHAIN_EXPIRY = "probe_ssl_last_chain_expiry_timestamp_seconds";

    /** The info metric's name without its ending, as the library has it. */
    private static final String CIPHER = "probe_tls_cipher";

    private static final String GRPC_STATUS = "probe_grpc_status_code";
    private static final String GRPC_HEALTH = "probe_grpc_healthcheck_response";
    private static final int UNAVAILABLE = 14;

    /** Go's time without a value, in Unix seconds: the first day of year 1. */
    private static final double NO_TIME = -62_135_596_800.0;

    private static final BlackboxShape NONE = new BlackboxShape(new LinkedHashMap<>(), "", List.of(), List.of());

    /** By our metric of the phases, which each type has another of. */
    static BlackboxShape of(Optional<String> phaseMetric) {
        return switch (phaseMetric.orElse("")) {
            case "probe_http_duration_seconds" -> new BlackboxShape(
                    phases("resolve", "resolve", "connect", "proxy connect", "tls", "tls", "processing", "processing", "transfer", "transfer"),
                    PROTOCOL,
                    List.of(
                            "probe_http_content_length",
                            "probe_http_uncompressed_body_length",
                            "probe_http_redirects",
                            "probe_http_ssl",
                            "probe_http_status_code",
                            "probe_http_version",
                            "probe_failed_due_to_regex"),
                    List.of());
            case "probe_dns_duration_seconds" -> new BlackboxShape(
                    phases("resolve", "resolve", "connect", "connect tls", "request", "request"),
                    "",
                    List.of(
                            "probe_dns_answer_rrs",
                            "probe_dns_authority_rrs",
                            "probe_dns_additional_rrs",
                            "probe_dns_query_succeeded"),
                    List.of());
            case "probe_icmp_duration_seconds" ->
                new BlackboxShape(phases("resolve", "resolve", "setup", "setup", "rtt", "rtt"), "", List.of(), List.of());
            case "probe_grpc_duration_seconds" ->
                new BlackboxShape(
                        phases("resolve", "resolve", "check", "connect tls check"),
                        "",
                        List.of("probe_grpc_ssl"),
                        List.of(CIPHER, CHAIN_EXPIRY));
            case "probe_tcp_duration_seconds" ->
                new BlackboxShape(new LinkedHashMap<>(), "", List.of(), List.of(CIPHER));
            case "probe_websocket_duration_seconds" ->
                new BlackboxShape(
                        phases(
                                "resolve", "resolve", "connect", "connect tls", "processing", "processing", "transfer", "transfer"),
                        WHEN_REACHED,
                        List.of(),
                        List.of());
            default -> NONE;
        };
    }

    private static SequencedMap<String, List<String>> phases(String... pairs) {
        var phases = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < pairs.length; i += 2) {
            phases.put(pairs[i], List.of(pairs[i + 1].split(" ")));
        }
        return phases;
    }

    boolean hides(String metric) {
        return hidden.contains(metric);
    }

    private static boolean endsHandshakes(Cause cause) {
        return cause.name().startsWith("CERT_") || cause.name().startsWith("TLS_");
    }

    /** Adds what is missing to the metrics of a run. */
    void complete(Families families, Optional<String> phaseMetric, Report report) {
        boolean all = once.isEmpty() || families.value(once).orElse(0.0) != 0;
        boolean first = true;
        for (var phase : phases.entrySet()) {
            boolean reached = phase.getValue().stream().anyMatch(report.phases()::containsKey);
            if (once.equals(WHEN_REACHED) ? reached : all || (first && families.value(once).isPresent())) {
                Duration took = phase.getValue().stream()
                        .map(ours -> report.phases().getOrDefault(ours, Duration.ZERO))
                        .reduce(Duration.ZERO, Duration::plus);
                families.gauge(
                        phaseMetric.orElseThrow(), "", Labels.of("phase", phase.getKey()), took.toNanos() / 1e9);
            }
            first = false;
        }
        zeros.forEach(name -> families.gauge(name, "", Labels.EMPTY, 0));
        if (families.value(LOOKUP).isPresent()) {
            families.gauge(HASH, "", Labels.EMPTY, 0);
        }
        if (zeros.contains("probe_grpc_ssl")) {
            families.gauge(GRPC_STATUS, "", Labels.EMPTY, UNAVAILABLE);
            for (String status : List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN")) {
                families.gauge(GRPC_HEALTH, "", Labels.of("serving_status", status), 0);
            }
        }
        boolean brokenOff = report.cause().filter(BlackboxShape::endsHandshakes).isPresent();
        if (families.value(EXPIRY).isPresent() && !brokenOff) {
            families.gauge(CHAIN_EXPIRY, "", Labels.EMPTY, NO_TIME);
        }
    }
}
