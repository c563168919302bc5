package dev.gatewatch.cli;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** A result as text for people: what came out and why, where the time went, and what to do. */
final class Waterfall {
    private static final int BAR = 40;
    private static final String EIGHTHS = "▏▎▍▌▋▊▉█";

    private final Ansi ansi;

    Waterfall(Ansi ansi) {
        this.ansi = ansi;
    }

    String of(Result result) {
        Report report = result.report();
        var out = new StringBuilder();
        out.append(bold(result.series().display())).append("  ").append(result.type());
        out.append("  ").append(result.target()).append('\n');
        out.append(outcome(report.outcome()));
        report.cause().ifPresent(c -> out.append("  ")
                .append(bold(c.code()))
                .append(" (").append(c.causeClass().code()).append(")  ")
                .append(report.message()));
        out.append("\n\n");
        phases(out, result);
        facts(out, report);
        for (Evidence e : report.evidence()) {
            out.append("\n").append(bold(e.title())).append("\n").append(indent(e.text())).append('\n');
        }
        report.cause().ifPresent(c -> advice(out, c));
        return out.toString();
    }

    private void phases(StringBuilder out, Result result) {
        long total = Math.max(1, result.duration().toNanos());
        int width = Math.max(5, result.report().phases().keySet().stream().mapToInt(String::length).max().orElse(0));
        long begin = 0;
        for (Map.Entry<String, Duration> phase : result.report().phases().entrySet()) {
            long nanos = phase.getValue().toNanos();
            out.append(String.format(Locale.ROOT, "  %-" + width + "s  %9s  ", phase.getKey(), millis(phase.getValue())));
            out.append(" ".repeat((int) Math.min(BAR, begin * BAR / total))).append(bar(nanos, total)).append('\n');
            begin += nanos;
        }
        out.append(String.format(Locale.ROOT, "  %-" + width + "s  %9s%n", "total", millis(result.duration())));
    }

    private static String bar(long part, long total) {
        if (part == 0) {
            return "";
        }
        long eighths = Math.max(1, Math.min(BAR * 8L, part * BAR * 8 / total));
        int rest = (int) (eighths % 8);
        return "█".repeat((int) (eighths / 8)) + (rest > 0 ? EIGHTHS.substring(rest - 1, rest) : "");
    }

    private void facts(StringBuilder out, Report report) {
        if (report.facts().isEmpty()) {
            return;
        }
        int width = report.facts().keySet().stream().mapToInt(String::length).max().orElse(0);
        out.append('\n').append(bold("facts")).append('\n');
        report.facts().forEach((name, fact) -> out.append(
                String.format(Locale.ROOT, "  %-" + width + "s  %s%n", name, indent(fact.shown()).strip())));
    }

    private void advice(StringBuilder out, Cause cause) {
        out.append('\n').append(bold("meaning")).append("  ").append(cause.meaning());
        out.append('\n').append(bold("remedy")).append("   ").append(cause.remedy()).append('\n');
    }

    private static String indent(String text) {
        // control characters of a peer's answer must not reach the terminal
        String safe = text.codePoints()
                .map(c -> c == '\n' || c == '\t' || !Character.isISOControl(c) ? c : '\uFFFD')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return "  " + safe.strip().replace("\n", "\n  ");
    }

    private static String millis(Duration d) {
        double ms = d.toNanos() / 1e6;
        return String.format(Locale.ROOT, ms < 10 ? "%.2f ms" : ms < 1000 ? "%.1f ms" : "%.0f ms", ms);
    }

    private String bold(String text) {
        return ansi.new Text("@|bold " + text.replace("|@", "| @") + "|@").toString();
    }

    private String outcome(Outcome outcome) {
        String style =
                switch (outcome) {
                    case PASS -> "green";
                    case DEGRADED -> "yellow";
                    case FAIL -> "red";
                    case BROKEN -> "magenta";
                };
        return ansi.string("@|bold," + style + " " + outcome.name() + "|@");
    }
}
