package dev.gatewatch.web.page;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Result;
import dev.gatewatch.view.BaselineView;
import dev.gatewatch.view.SeriesView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One region of a probe as a row or tile shows it. Immutable.
 *
 * @param id unique on the page, and stable, so that a refresh finds it again
 * @param region empty for a probe without regions
 * @param spark inline SVG, safe as it is
 * @param beside how far the latency is above the usual; empty where it is not
 * @param since how long the state lasts; empty before the first run
 * @param message what is wrong; empty while nothing is
 * @param silent what to say where runs should have come and did not; empty otherwise
 */
public record SeriesRow(
        String id,
        String region,
        String target,
        State state,
        String spark,
        String latency,
        String usual,
        String beside,
        String since,
        String sinceAt,
        String message,
        String cause,
        String silent) {
    static SeriesRow of(SeriesView s, Instant now) {
        String latency = s.last().map(r -> Words.latency(r.duration())).orElse("–");
        String beside = s.last()
                .flatMap(r -> middle(s).map(u -> Words.beside(r.duration(), u)))
                .orElse("");
        return new SeriesRow(
                "s-" + s.series().probe() + "-" + s.series().region(),
                s.series().region(),
                s.target(),
                State.of(s.last()),
                Sparkline.of(s.recent(), s.usual()),
                latency,
                s.baseline()
                        .flatMap(BaselineView::usual)
                        .map(u -> Words.range(u.lower(), u.upper(), true))
                        .or(() -> s.usual().map(Words::latency))
                        .orElse("–"),
                beside,
                s.stateSince().map(at -> Words.span(Duration.between(at, now))).orElse(""),
                s.stateSince().map(Instant::toString).orElse(""),
                s.last().map(r -> r.report().message()).orElse(""),
                s.last().flatMap(r -> r.report().cause()).map(Cause::code).orElse(""),
                silent(s, now));
    }

    /** The middle of what is usual: learnt for this time of the week, else that of the recent runs. */
    private static Optional<Duration> middle(SeriesView s) {
        return s.baseline()
                .flatMap(BaselineView::usual)
                .map(u -> Duration.ofNanos(Math.round(u.middle() * 1e6)))
                .or(s::usual);
    }

    private static String silent(SeriesView s, Instant now) {
        Duration patience = s.interval().multipliedBy(3).plus(s.timeout());
        return s.last()
                .map(Result::endedAt)
                .map(at -> Duration.between(at, now))
                .filter(quiet -> quiet.compareTo(patience) > 0)
                .map(quiet -> "no run for " + Words.span(quiet))
                .orElse("");
    }
}
