package dev.gatewatch.alerting.kit;

import dev.gatewatch.engine.WitnessSettings;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes results of short texts: {@code S} passes, {@code F} fails, {@code D} is degraded, {@code B} is broken, {@code .} is no run. */
public final class Story {
    public static final Instant T = Instant.parse("2026-03-01T03:00:00Z");
    public static final Duration INTERVAL = Duration.ofSeconds(10);
    public static final Duration TOOK = Duration.ofMillis(50);
    /** The fact that tells when the certificate ends. */
    public static final String EXPIRY = "cert_end";

    private Story() {}

    /** One result for each letter, an interval apart, from {@link #T} on. */
    public static List<Result> of(Series series, String letters) {
        var results = new ArrayList<Result>();
        Instant at = T;
        for (char letter : letters.replace(" ", "").toCharArray()) {
            if (letter != '.') {
                results.add(run(series, letter, at));
            }
            at = at.plus(INTERVAL);
        }
        return results;
    }

    public static Result run(Series series, char letter, Instant at) {
        return switch (letter) {
            case 'S' -> result(series, at, TOOK, Report.builder());
            case 'F' -> result(
                    series,
                    at,
                    TOOK,
                    Report.builder().fail(Cause.HTTP_STATUS, "status 500, expected 200").evidence("body", "oops"));
            case 'C' -> result(series, at, TOOK, Report.builder().fail(Cause.CONNECT_REFUSED, "nothing listens on port 443"));
            case 'D' -> result(series, at, TOOK, Report.builder().degraded(Cause.LATENCY_HIGH, "took 1.2s, expected at most 800ms"));
            case 'B' -> result(series, at, TOOK, Report.builder().broken(Cause.NO_PERMISSION, "no permission"));
            default -> throw new IllegalArgumentException("no such run: " + letter);
        };
    }

    /** A run that took so long; it fails or passes. */
    public static Result slow(Series series, Instant at, Duration took, Outcome outcome) {
        var report = Report.builder().phase("connect", Duration.ofMillis(1)).phase("processing", took.minusMillis(1));
        return result(series, at, took, outcome == Outcome.FAIL ? report.fail(Cause.HTTP_STATUS, "status 500") : report);
    }

    /** A run that saw a certificate end then. */
    public static Result certificate(Series series, Instant at, Instant end) {
        return result(series, at, TOOK, Report.builder().fact(EXPIRY, end.getEpochSecond()));
    }

    /** A run that found our own network down. */
    public static Result silent(Series series, Instant at) {
        return result(
                series,
                at,
                TOOK,
                Report.builder()
                        .fact(WitnessSettings.SILENT, true)
                        .broken(Cause.LOCAL_NETWORK, "this machine's own network is down"));
    }

    private static Result result(Series series, Instant at, Duration took, Report.Builder report) {
        return new Result(series, "http", "https://pay.example/health", at, took, report.build());
    }
}
