package dev.gatewatch.kit;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probe.Series;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Single runs of probes, without an engine, and ready-made results. */
public final class Runs {
    public static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    private Runs() {}

    /** Runs once on this thread, with the real clock. */
    public static Report once(Probe probe, Duration timeout) throws Exception {
        return probe.run(run(timeout, Clock.systemUTC()));
    }

    /** What an engine gives a probe for one run. */
    public static Run run(Duration timeout, Clock clock) {
        return new Run(new Series("probe", "", "here"), Deadline.after(timeout), clock, Memory.fresh(), TRACE_ID);
    }

    /** As {@link #run(Duration, Clock)}, with what earlier runs left. */
    public static Run run(Duration timeout, Clock clock, Memory memory) {
        return new Run(new Series("probe", "", "here"), Deadline.after(timeout), clock, memory, TRACE_ID);
    }

    /** A passing result of an HTTPS probe, with the facts and phases such a run has. */
    public static Result pass(Series series, Instant at, Duration took) {
        return new Result(series, "http", "https://pay.example/health", at, took, https(took).build());
    }

    /** A failed result with a cause and a message. */
    public static Result fail(Series series, Instant at, Cause cause, String message) {
        Duration took = Duration.ofMillis(12);
        Report report = cause.causeClass() == CauseClass.OWN_SIDE
                ? https(took).broken(cause, message).build()
                : https(took).fail(cause, message).build();
        return new Result(series, "http", "https://pay.example/health", at, took, report);
    }

    private static Report.Builder https(Duration took) {
        long micros = took.toNanos() / 1_000;
        return Report.builder()
                .phase("resolve", Duration.ofNanos(micros / 20 * 1_000))
                .phase("connect", Duration.ofNanos(micros / 10 * 1_000))
                .phase("tls", Duration.ofNanos(micros / 3 * 1_000))
                .phase("processing", Duration.ofNanos(micros / 3 * 1_000))
                .phase("transfer", Duration.ofNanos(micros / 50 * 1_000))
                .fact("status", 200)
                .fact("http_version", 2)
                .fact("content_length", 57)
                .fact("body_bytes", 57)
                .fact("redirects", 0)
                .fact("ssl", true)
                .fact("ip_protocol", 4)
                .fact("address", "203.0.113.10")
                .fact("tls_version", "TLSv1.3")
                .fact("tls_cipher", "TLS_AES_256_GCM_SHA384")
                .fact("cert_expiry", 1_798_761_600)
                .fact("cert_chain_expiry", 1_798_761_600)
                .fact("cert_fingerprint_sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
                .fact("cert_subject", "CN=pay.example")
                .fact("cert_issuer", "CN=Example Issuing CA 3,O=Example Trust Services,C=DE")
                .fact("cert_serial", "0a1b2c3d4e5f60718293a4b5c6d7e8f9")
                .fact("cert_names", "pay.example,www.pay.example");
    }
}
