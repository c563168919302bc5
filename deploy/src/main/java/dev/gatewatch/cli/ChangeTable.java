package dev.gatewatch.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;

/** Changes as a terminal shows them. */
record ChangeTable(Ansi ansi, ZoneId zone) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final int WIDEST_NAME = 40;

    /** A change and its comparison, with a line a probe. */
    String of(JsonNode change) {
        JsonNode comparison = change.path("comparison");
        String verdict = text(comparison, "verdict");
        var out = new StringBuilder();
        out.append(coloured(verdict, text(change, "id") + ": " + plain(verdict))).append("  ").append(about(change)).append('\n');
        out.append(when(change)).append('\n');
        List<JsonNode> probes = comparison.path("probes").valueStream().toList();
        if (probes.isEmpty()) {
            return out.append("No probe has these labels.\n").toString();
        }
        out.append('\n');
        var rows = new ArrayList<String[]>();
        rows.add(new String[] {"PROBE", "VERDICT", "LATENCY", "CHANGE (99% INTERVAL)", "FAILURES"});
        for (JsonNode probe : probes) {
            rows.add(row(probe));
        }
        int[] widths = widths(rows);
        out.append(line(rows.getFirst(), widths)).append('\n');
        int alike = 0;
        for (int i = 0; i < probes.size(); i++) {
            out.append(coloured(text(probes.get(i), "verdict"), line(rows.get(i + 1), widths))).append('\n');
            List<String> reasons = reasons(probes.get(i));
            alike++;
            if (i + 1 == probes.size() || !reasons.equals(reasons(probes.get(i + 1)))) {
                String of = alike > 1 ? "these " + alike + ": " : "";
                reasons.forEach(reason -> out.append("    ").append(of).append(reason).append('\n'));
                alike = 0;
            }
        }
        return out.toString();
    }

    /** A change in one line. */
    String line(JsonNode change) {
        String verdict = text(change, "verdict");
        return text(change, "id") + "  " + plain(text(change, "state"))
                + (verdict.isEmpty() ? "" : "  " + coloured(verdict, plain(verdict)))
                + "  " + about(change) + "  began " + at(text(change, "beganAt")) + "  by " + text(change, "by")
                + (text(change, "comment").isEmpty() ? "" : ": " + text(change, "comment"));
    }

    private String when(JsonNode change) {
        String began = text(change, "beganAt");
        String ended = text(change, "endedAt");
        if (ended.isEmpty()) {
            return "began " + at(began) + ", goes on; compared with what was before, so far";
        }
        String until = text(change, "watchedUntil");
        return "began " + at(began) + ", took " + words(began, ended) + "; the " + words(ended, until) + " after it are compared"
                + (text(change, "state").equals("over") ? "" : ", so far");
    }

    private static String[] row(JsonNode probe) {
        JsonNode latency = probe.path("latency");
        JsonNode errors = probe.path("errorRate");
        String name = text(probe, "probe") + (text(probe, "region").isEmpty() ? "" : " @" + text(probe, "region"));
        return new String[] {
            name.length() <= WIDEST_NAME ? name : name.substring(0, WIDEST_NAME - 1) + "…",
            plain(text(probe, "verdict")) + (probe.path("seldom").asBoolean(false) ? " (runs too seldom)" : ""),
            millis(latency.path("before")) + " → " + millis(latency.path("after")),
            latency.path("change").isNumber()
                    ? percent(latency.path("change")) + " (" + percent(latency.path("lower")) + " to " + percent(latency.path("upper")) + ")"
                    : "–",
            share(errors.path("before")) + " → " + share(errors.path("after"))
        };
    }

    /** Where all is well the numbers are enough. */
    private static List<String> reasons(JsonNode probe) {
        var reasons = new ArrayList<String>();
        for (String measure : List.of("latency", "errorRate")) {
            String verdict = text(probe.path(measure), "verdict");
            if (verdict.equals("worse") || verdict.equals("too_little_data")) {
                reasons.add((measure.equals("latency") ? "latency: " : "failures: ") + text(probe.path(measure), "reason"));
            }
        }
        return reasons;
    }

    private static int[] widths(List<String[]> rows) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        return widths;
    }

    private static String line(String[] row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            line.append(row[i]).append(i + 1 == row.length ? "" : " ".repeat(widths[i] - row[i].length() + 2));
        }
        return line.toString();
    }

    private static String about(JsonNode change) {
        String labels = change.path("labels").properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asString(""))
                .collect(Collectors.joining(" "));
        return labels.isEmpty() ? "all probes" : labels;
    }

    private static String millis(JsonNode millis) {
        if (!millis.isNumber()) {
            return "–";
        }
        double ms = millis.asDouble();
        return ms < 1_000 ? String.format(Locale.ROOT, ms < 10 ? "%.2f ms" : "%.1f ms", ms) : String.format(Locale.ROOT, "%.2f s", ms / 1_000);
    }

    private static String percent(JsonNode share) {
        double percent = 100 * share.asDouble();
        return String.format(Locale.ROOT, Math.abs(percent) < 9.95 ? "%+.1f%%" : "%+.0f%%", percent);
    }

    private static String share(JsonNode share) {
        return share.isNumber() ? String.format(Locale.ROOT, share.asDouble() == 0 ? "%.0f%%" : "%.1f%%", 100 * share.asDouble()) : "–";
    }

    private String at(String instant) {
        return instant.isEmpty() ? "" : Instant.parse(instant).atZone(zone).format(TIME);
    }

    private static String words(String from, String to) {
        return words(Instant.parse(from), Instant.parse(to));
    }

    /** How long that is: {@code 90 s}, {@code 31 min}, {@code 2 h}. */
    static String words(Instant from, Instant to) {
        long seconds = Math.max(0, Duration.between(from, to).toSeconds());
        return seconds < 120 ? seconds + " s" : seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }

    private static String plain(String code) {
        return code.replace('_', ' ');
    }

    private String coloured(String verdict, String text) {
        String style =
                switch (verdict) {
                    case "worse" -> "fg(red),bold";
                    case "better", "same" -> "fg(green)";
                    default -> "fg(yellow)";
                };
        return ansi.string("@|" + style + " " + text.replace("|@", "| @") + "|@");
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
