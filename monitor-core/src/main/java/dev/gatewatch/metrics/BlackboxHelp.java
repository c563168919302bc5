package dev.gatewatch.metrics;

import java.util.HashMap;
import java.util.Map;

/** The help texts that blackbox_exporter gives its metrics, so that a scraper that moves over sees no change of metadata. */
final class BlackboxHelp {
    private static final Map<String, String> TEXTS = texts();

    private BlackboxHelp() {}

    /** The text for this metric; {@code otherwise} for one that blackbox_exporter does not have. */
    static String of(String metric, String otherwise) {
        return TEXTS.getOrDefault(metric, otherwise);
    }

    /** Whether blackbox_exporter has a metric of this name. */
    static boolean knows(String metric) {
        return TEXTS.containsKey(metric);
    }

    private static Map<String, String> texts() {
        var t = new HashMap<String, String>();
        t.put("probe_success", "Displays whether or not the probe was a success");
        t.put("probe_duration_seconds", "Returns how long the probe took to complete in seconds");
        t.put("probe_timeout_seconds", "Returns the timeout of the probe in seconds");
        t.put("probe_dns_lookup_time_seconds", "Returns the time taken for probe dns lookup in seconds");
        t.put("probe_ip_protocol", "Specifies whether probe ip protocol is IP4 or IP6");
        t.put("probe_ip_addr_hash", "Specifies the hash of IP address. It's useful to detect if the IP address changes.");
        t.put("probe_http_duration_seconds", "Duration of http request by phase, summed over all redirects");
        t.put("probe_http_content_length", "Length of http content response");
        t.put("probe_http_uncompressed_body_length", "Length of uncompressed response body");
        t.put("probe_http_redirects", "The number of redirects");
        t.put("probe_http_ssl", "Indicates if SSL was used for the final redirect");
        t.put("probe_http_status_code", "Response HTTP status code");
        t.put("probe_http_version", "Returns the version of HTTP of the probe response");
        t.put(
                "probe_http_last_modified_timestamp_seconds",
                "Returns the Last-Modified HTTP response header in unixtime");
        t.put("probe_failed_due_to_regex", "Indicates if probe failed due to regex");
        t.put("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime");
        t.put("probe_ssl_last_chain_expiry_timestamp_seconds", "Returns last SSL chain expiry in timestamp");
        t.put("probe_ssl_last_chain_info", "Contains SSL leaf certificate information");
        t.put("probe_tls_version_info", "Returns the TLS version used or NaN when unknown");
        t.put("probe_tls_cipher_info", "Returns the TLS cipher negotiated during handshake");
        t.put("probe_icmp_duration_seconds", "Duration of icmp request by phase");
        t.put("probe_dns_duration_seconds", "Duration of DNS request by phase");
        t.put("probe_dns_answer_rrs", "Returns number of entries in the answer resource record list");
        t.put("probe_dns_authority_rrs", "Returns number of entries in the authority resource record list");
        t.put("probe_dns_additional_rrs", "Returns number of entries in the additional resource record list");
        t.put("probe_dns_query_succeeded", "Displays whether or not the query was executed successfully");
        t.put("probe_dns_serial", "Returns the serial number of the zone");
        t.put("probe_grpc_duration_seconds", "Duration of gRPC request by phase");
        t.put("probe_grpc_ssl", "Indicates if SSL was used for the connection");
        t.put("probe_grpc_status_code", "Response gRPC status code");
        t.put("probe_grpc_healthcheck_response", "Response HealthCheck response");
        t.put("probe_failed_due_to_bytes", "Indicates if probe failed due to bytes");
        t.put("probe_failed_due_to_cel", "Indicates if probe failed due to CEL expression");
        t.put("probe_expect_info", "Explicit content matched");
        t.put("probe_icmp_reply_hop_limit", "Replied packet hop limit (TTL for ipv4)");
        t.put("probe_websocket_status_code", "Response HTTP status code");
        t.put("probe_websocket_connection_upgraded", "Indicates if the connection was upgraded to a websocket");
        t.put("probe_websocket_failed_due_to_regex", "Indicates if probe failed due to regex");
        t.put("probe_websocket_duration_seconds", "Duration of websocket request by phase");
        return Map.copyOf(t);
    }
}
