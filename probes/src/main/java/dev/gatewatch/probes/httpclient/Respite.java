package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A target's wish, by {@code Retry-After} (RFC 9110, 10.2.3) with a 429 or 503, to be left alone for a while: kept in the memory of the
 * series, and obeyed by the runs that follow.
 *
 * @param target that a request is for; a probe that was pointed elsewhere meanwhile asks at once
 * @param verdict of the run that was told so, which stands until the time is over
 */
public record Respite(String target, Instant until, int status, Failure verdict) {
    private static final String KEY = "http.respite";

    /** The wish of an earlier run that still holds; one that lies further ahead than the limit is not believed. */
    public static Optional<Respite> ofEarlierRun(Run run, String target, Duration limit) {
        Instant now = run.clock().instant();
        Optional<Respite> kept = run.memory().get(KEY).flatMap(Respite::parse);
        Optional<Respite> holding = kept.filter(r -> r.target.equals(target)
                && now.isBefore(r.until)
                // the clock, or the limit, may have been set since
                && !r.until.isAfter(now.plus(limit)));
        if (kept.isPresent() && holding.isEmpty()) {
            run.memory().remove(KEY);
        }
        return holding;
    }

    /** Keeps the wish of an answer, if it has one, for the runs that follow. */
    public static void remember(Run run, String target, Answer answer, Duration limit, Failure verdict) {
        if (answer.status() != 429 && answer.status() != 503) {
            return;
        }
        Instant now = run.clock().instant();
        OptionalDouble seconds = Quota.retryAfter(answer.headers(), now);
        if (seconds.isPresent() && seconds.getAsDouble() > 0 && limit.isPositive()) {
            long millis = (long) Math.min(seconds.getAsDouble() * 1_000, (double) limit.toMillis());
            var respite = new Respite(target, now.plusMillis(millis), answer.status(), verdict);
            String text = respite.text();
            if (text.length() <= Memory.LONGEST_VALUE) {
                run.memory().put(KEY, text);
            }
        }
    }

    /** Tells the report of a run that sends nothing. */
    public void tell(Run run, Report.Builder report) {
        HttpFacts.begin(report, run.traceId());
        report.fact(HttpFacts.STATUS, status);
        report.fact(HttpFacts.HELD_BACK, true);
        report.fact(
                HttpFacts.RETRY_AFTER,
                (double) Duration.between(run.clock().instant(), until).toSeconds());
        new Failure(
                        verdict.cause(),
                        verdict.message() + "; not asked again until " + until.truncatedTo(ChronoUnit.SECONDS) + " (Retry-After)")
                .tell(report);
    }

    private String text() {
        return String.join(
                "\n",
                String.valueOf(until.toEpochMilli()),
                String.valueOf(status),
                verdict.cause().code(),
                target,
                verdict.message());
    }

    private static Optional<Respite> parse(String text) {
        List<String> lines = List.of(text.split("\n", 5));
        try {
            return Cause.of(lines.get(2))
                    .map(cause -> new Respite(
                            lines.get(3),
                            Instant.ofEpochMilli(Long.parseLong(lines.get(0))),
                            Integer.parseInt(lines.get(1)),
                            new Failure(cause, lines.get(4))));
        } catch (NumberFormatException | IndexOutOfBoundsException _) {
            return Optional.empty(); // of another version
        }
    }
}
