package dev.gatewatch.backtest;

import dev.gatewatch.config.Durations;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The findings as text for a terminal. */
public final class FindingsText {
    private static final int MOST = 30;

    private final StringBuilder out = new StringBuilder();
    private final DateTimeFormatter time;
    private final Findings findings;

    private FindingsText(Findings findings, ZoneId zone) {
        this.findings = findings;
        time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** All that there is to say, in lines; of alerts the first {@value #MOST}. */
    public static String of(Findings findings, Optional<Comparison> comparison, ZoneId zone) {
        var text = new FindingsText(findings, zone);
        text.head();
        findings.sides().forEach(text::side);
        comparison.ifPresent(text::comparison);
        findings.notes().forEach(note -> text.out.append("\nnote: ").append(note).append('\n'));
        return text.out.toString();
    }

    private void head() {
        out.append(String.format(
                Locale.ROOT,
                "%s: %,d runs of %,d series, %s to %s (%s), judged in %s%n",
                findings.source(),
                findings.runs(),
                findings.series(),
                time.format(findings.from()),
                time.format(findings.to()),
                roughly(Duration.between(findings.from(), findings.to())),
                Durations.format(Duration.ofMillis(findings.took().toMillis() / 100 * 100))));
    }

    private void side(Findings.Side side) {
        out.append(String.format(
                Locale.ROOT,
                "%n%s: %s, %.2f a series and week%n",
                side.name(),
                count(side.count()),
                side.count() / findings.weeks() / Math.max(1, findings.series())));
        int width = side.rules().stream().mapToInt(String::length).max().orElse(4);
        for (String rule : side.rules()) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-" + Math.max(4, Math.min(40, width)) + "s  %6d  firing for %s%n",
                    rule,
                    side.count(rule),
                    roughly(side.lasted(rule, findings.to()))));
        }
        if (findings.sides().size() == 1) {
            list(side.alerts(), " ");
        }
    }

    private void comparison(Comparison comparison) {
        String first = findings.sides().getFirst().name();
        String second = findings.sides().getLast().name();
        out.append(String.format(
                Locale.ROOT,
                "%nsame in both: %d; only %s: %d; only %s: %d; at other times: %d%n",
                comparison.same(),
                first,
                comparison.onlyFirst().size(),
                second,
                comparison.onlySecond().size(),
                comparison.changed().size()));
        list(comparison.onlyFirst(), "-");
        list(comparison.onlySecond(), "+");
        int shown = 0;
        for (Comparison.Pair pair : comparison.changed()) {
            if (shown++ == MOST) {
                out.append("  and ").append(comparison.changed().size() - MOST).append(" more\n");
                break;
            }
            line(pair.first(), "-");
            line(pair.second(), "+");
        }
    }

    private void list(List<Happening> alerts, String sign) {
        if (!alerts.isEmpty()) {
            out.append('\n');
        }
        alerts.stream().limit(MOST).forEach(alert -> line(alert, sign));
        if (alerts.size() > MOST) {
            out.append("  and ").append(alerts.size() - MOST).append(" more; --alerts FILE or --report FILE has them\n");
        }
    }

    private void line(Happening alert, String sign) {
        out.append(sign)
                .append(' ')
                .append(time.format(alert.firedAt()))
                .append("  ")
                .append(alert.endsAt().isPresent() ? roughly(alert.lasted(findings.to())) : "still firing")
                .append("  ")
                .append(alert.rule())
                .append("  ")
                .append(alert.series().display())
                .append(": ")
                .append(alert.message())
                .append(alert.untold().isEmpty() ? "" : " [nobody is told: " + alert.untold() + "]")
                .append('\n');
    }

    private static String count(long alerts) {
        return String.format(Locale.ROOT, alerts == 1 ? "%,d alert" : "%,d alerts", alerts);
    }

    /** A duration in its two largest units. */
    static String roughly(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + " h" + (seconds % 3_600 < 60 ? "" : " " + seconds % 3_600 / 60 + " min");
        }
        return seconds / 86_400 + " d" + (seconds % 86_400 < 3_600 ? "" : " " + seconds % 86_400 / 3_600 + " h");
    }
}
