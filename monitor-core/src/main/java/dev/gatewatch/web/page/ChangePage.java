package dev.gatewatch.web.page;

import dev.gatewatch.change.Comparison;
import dev.gatewatch.change.Measure;
import dev.gatewatch.change.ProbeComparison;
import dev.gatewatch.view.ChangeView;
import dev.gatewatch.view.ChangeView.State;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One change and what became of each probe. Immutable.
 *
 * @param tone of the verdict, as a state's colour
 * @param when its times in words
 * @param picture inline SVG, made of numbers and escaped names
 */
public record ChangePage(
        String id, String verdict, String tone, String about, String by, String comment, String beganAt, String when, String matters, String picture, List<Row> rows) {
    /** One probe as the page shows it; all in words. */
    public record Row(
            String probe,
            String path,
            String region,
            String verdict,
            String tone,
            String before,
            String after,
            String change,
            String errors,
            List<String> reasons) {}

    public static ChangePage of(ChangeView change, Comparison comparison, Instant now) {
        return new ChangePage(
                change.id(),
                comparison.verdict().words(),
                ChangesPage.tone(comparison.verdict().code()),
                ChangesPage.about(change),
                change.by(),
                change.comment(),
                change.beganAt().toString(),
                when(change, now),
                "From " + plain(comparison.bounds().latency()) + "% of latency and " + plain(comparison.bounds().errors())
                        + " percentage points of failed runs on it matters.",
                comparison.probes().isEmpty() ? "" : EffectPicture.inline(comparison),
                comparison.probes().stream().map(ChangePage::row).toList());
    }

    private static String plain(double share) {
        return BigDecimal.valueOf(100 * share).setScale(2, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
    }

    private static String when(ChangeView change, Instant now) {
        if (change.endedAt().isEmpty()) {
            return "has been going on for " + Words.span(Duration.between(change.beganAt(), now)) + "; compared with what was before, so far";
        }
        String took = "took " + Words.span(Duration.between(change.beganAt(), change.endedAt().get()));
        Instant until = change.watchedUntil().orElse(now);
        String watched = Words.span(Duration.between(change.endedAt().get(), until));
        return change.state(now) == State.OVER
                ? took + "; the " + watched + " after it are compared"
                : took + "; watched for " + Words.span(Duration.between(now, until)) + " more of " + watched;
    }

    private static Row row(ProbeComparison p) {
        Measure latency = p.latency();
        return new Row(
                p.series().probe(),
                Words.probePath(p.series().probe()),
                p.series().region(),
                p.verdict().words() + (p.seldom() ? ", runs too seldom" : ""),
                ChangesPage.tone(p.verdict().code()),
                millis(latency.before()),
                millis(latency.after()),
                latency.effect()
                        .map(e -> Words.change(e.change()) + " (" + Words.change(e.lower()) + " to " + Words.change(e.upper()) + ")")
                        .orElse("–"),
                Words.share(p.errors().before()) + " → " + Words.share(p.errors().after()),
                List.of("Latency: " + latency.reason() + ".", "Failures: " + p.errors().reason() + "."));
    }

    private static String millis(double millis) {
        return Double.isNaN(millis) ? "–" : Words.latency(Duration.ofNanos(Math.round(millis * 1e6)));
    }
}
