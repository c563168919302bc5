package dev.gatewatch.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;

/** Notices as text for people, as the API tells of them. */
final class NoticeTable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT);

    private final Ansi ansi;
    private final ZoneId zone;
    private final Instant now;

    NoticeTable(Ansi ansi, ZoneId zone, Instant now) {
        this.ansi = ansi;
        this.zone = zone;
        this.now = now;
    }

    /** Newest first, each with its attempts. */
    String of(List<JsonNode> notices) {
        if (notices.isEmpty()) {
            return "No notices.\n";
        }
        var out = new StringBuilder();
        notices.forEach(notice -> one(out, notice));
        return out.toString();
    }

    private void one(StringBuilder out, JsonNode notice) {
        String state = text(notice, "state");
        String region = text(notice, "region");
        out.append(colour(state, String.format(Locale.ROOT, "%-10s", outcome(state).toUpperCase(Locale.ROOT))))
                .append(' ')
                .append(at(text(notice, "createdAt")))
                .append("  ")
                .append(ansi.string("@|bold " + escaped(text(notice, "channel")) + "|@"))
                .append("  ")
                .append(text(notice, "probe"))
                .append(region.isEmpty() ? "" : "@" + region)
                .append(' ')
                .append(kind(text(notice, "kind")))
                .append(": ")
                .append(text(notice, "message"))
                .append("  (notice ")
                .append(notice.path("id").asLong())
                .append(")\n");
        if (!text(notice, "why").isEmpty()) {
            line(out, text(notice, "why"));
        }
        JsonNode log = notice.path("log");
        int attempts = notice.path("attempts").asInt();
        for (JsonNode attempt : log) {
            line(out, attempt(attempt));
            if (attempt.path("attempt").asInt() == 1 && log.size() < attempts) {
                line(out, "   " + (attempts - log.size()) + " more are not kept");
            }
        }
        String error = text(notice, "lastError");
        boolean told = !log.isEmpty() && text(log.get(log.size() - 1), "said").equals(error);
        if (state.equals("dead") && !told) {
            line(out, error);
        }
    }

    private String attempt(JsonNode attempt) {
        String outcome = text(attempt, "outcome");
        boolean ended = !outcome.equals("going") && !outcome.equals("cut_off");
        String said = text(attempt, "said");
        String next = text(attempt, "nextAt");
        return String.format(Locale.ROOT, "%3d. ", attempt.path("attempt").asInt())
                + at(text(attempt, "startedAt")) + " " + words(outcome)
                + (ended ? " in " + took(attempt.path("tookMs").asLong()) : "")
                + (said.isEmpty() ? "" : ": " + said)
                + (next.isEmpty() ? "" : "; again at " + at(next));
    }

    private static void line(StringBuilder out, String text) {
        out.append("           ").append(text).append('\n');
    }

    private String at(String time) {
        Instant at = Instant.parse(time);
        boolean today = Duration.between(at, now).abs().compareTo(Duration.ofHours(20)) < 0;
        return at.atZone(zone).format(today ? TIME : DAY);
    }

    private static String took(long millis) {
        return millis < 1_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    private static String kind(String kind) {
        return switch (kind) {
            case "firing" -> "fires";
            case "reminder" -> "still fires";
            default -> "is over";
        };
    }

    private static String outcome(String state) {
        return switch (state) {
            case "sent" -> "delivered";
            case "dead" -> "given up";
            case "sending" -> "being sent";
            default -> "waits";
        };
    }

    private static String words(String outcome) {
        return switch (outcome) {
            case "delivered" -> "delivered";
            case "retry" -> "not now";
            case "broken" -> "channel broken";
            case "going" -> "goes on";
            case "cut_off" -> "cut off";
            default -> outcome;
        };
    }

    private String colour(String state, String text) {
        String style =
                switch (state) {
                    case "sent" -> "fg(green)";
                    case "dead" -> "fg(red),bold";
                    default -> "fg(yellow)";
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
