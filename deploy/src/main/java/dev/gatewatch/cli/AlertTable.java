package dev.gatewatch.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;

/** Alerts as text for people, as the API tells of them. */
final class AlertTable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT);

    private final Ansi ansi;
    private final ZoneId zone;
    private final Instant now;

    AlertTable(Ansi ansi, ZoneId zone, Instant now) {
        this.ansi = ansi;
        this.zone = zone;
        this.now = now;
    }

    /** One block an alert: what, where, since when and why; who takes care of it or what holds it back. */
    String of(List<JsonNode> alerts) {
        if (alerts.isEmpty()) {
            return "No alerts.\n";
        }
        var out = new StringBuilder();
        alerts.forEach(alert -> one(out, alert));
        return out.toString();
    }

    private void one(StringBuilder out, JsonNode alert) {
        String status = text(alert, "status");
        String region = text(alert, "region");
        out.append(colour(status, String.format(Locale.ROOT, "%-12s", status.toUpperCase(Locale.ROOT))))
                .append(' ')
                .append(String.format(Locale.ROOT, "%-8s", text(alert, "severity")))
                .append(' ')
                .append(ansi.string("@|bold " + escaped(text(alert, "probe") + (region.isEmpty() ? "" : "@" + region)) + "|@"))
                .append("  ")
                .append(text(alert, "cause"))
                .append("  (rule ")
                .append(text(alert, "rule"))
                .append(")\n");
        var lines = new ArrayList<String>();
        lines.add(text(alert, "message"));
        lines.add(when(alert));
        JsonNode acknowledged = alert.path("acknowledged");
        if (acknowledged.isObject()) {
            String comment = text(acknowledged, "comment");
            lines.add("acknowledged by " + text(acknowledged, "by") + (comment.isEmpty() ? "" : ": " + comment));
        }
        JsonNode held = alert.path("heldBack");
        if (held.isObject()) {
            lines.add("nobody is told: " + text(held, "reason") + " (" + text(held, "by") + ")");
        }
        if (alert.path("flapping").asBoolean(false)) {
            lines.add("it flaps: its end is told once it has been quiet for a while");
        }
        int dependents = alert.path("dependents").size();
        if (dependents > 0) {
            lines.add(dependents + (dependents == 1 ? " probe depends" : " probes depend") + " on it; nobody is told of them while this lasts");
        }
        lines.add("id " + text(alert, "id"));
        lines.forEach(line -> out.append("             ").append(line).append('\n'));
    }

    private String when(JsonNode alert) {
        Instant start = Instant.parse(text(alert, "startsAt"));
        String ended = text(alert, "endsAt");
        return ended.isEmpty()
                ? "since " + at(start) + " (" + words(Duration.between(start, now)) + ")"
                : at(start) + " to " + at(Instant.parse(ended)) + " ("
                        + words(Duration.between(start, Instant.parse(ended))) + "), " + text(alert, "endReason");
    }

    private String at(Instant instant) {
        return instant.atZone(zone).format(TIME);
    }

    private static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
    }

    private String colour(String status, String text) {
        String style =
                switch (status) {
                    case "firing" -> "fg(red),bold";
                    case "acknowledged", "pending" -> "fg(yellow)";
                    case "resolved" -> "fg(green)";
                    default -> "faint";
                };
        return ansi.string("@|" + style + " " + text + "|@");
    }

    private static String escaped(String text) {
        return text.replace("|@", "| @");
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
