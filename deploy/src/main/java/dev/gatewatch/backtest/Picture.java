package dev.gatewatch.backtest;

import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Draws a series' latency with its usual band, failures and alerts as SVG. The scale is logarithmic. */
final class Picture {
    private static final int WIDTH = 1_040;
    private static final int HEIGHT = 190;
    private static final int LEFT = 56;
    private static final int RIGHT = 8;
    private static final int TOP = 8;
    private static final int BOTTOM = 40;
    private static final int FAILED = 12;
    private static final double LEAST_SPAN = 2;
    private static final int MOST_SPANS = 500;
    private static final int MOST_DAYS_BY_DAY = 16;

    private final Findings findings;
    private final ZoneId zone;
    private final long from;
    private final long span;

    Picture(Findings findings, ZoneId zone) {
        this.findings = findings;
        this.zone = zone;
        this.from = findings.from().toEpochMilli();
        this.span = Math.max(1, findings.to().toEpochMilli() - from);
    }

    String of(Series series, Track track) {
        var svg = new StringBuilder(1 << 14);
        svg.append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT).append("\" role=\"img\" aria-label=\"");
        Html.escape(svg, "latency and alerts of " + series.display());
        svg.append("\">\n");
        var scale = Scale.of(track);
        times(svg);
        spans(svg, series);
        band(svg, track, scale);
        top(svg, track, scale);
        line(svg, track, scale);
        failures(svg, track);
        scale.ticks(svg);
        return svg.append("</svg>\n").toString();
    }

    private static double bottom() {
        return HEIGHT - BOTTOM;
    }

    private double x(long at) {
        return LEFT + (double) (at - from) / span * (WIDTH - LEFT - RIGHT);
    }

    /** Where on paper a latency lies. */
    private record Scale(double low, double high) {
        static Scale of(Track track) {
            double low = Double.MAX_VALUE;
            double high = 0;
            for (int i = 0; i < track.size(); i++) {
                if (track.known(i)) {
                    low = Math.min(low, Math.max(0.01, track.mean(i)));
                    high = Math.max(high, track.most(i));
                }
                if (!Float.isNaN(track.lower(i))) {
                    low = Math.min(low, Math.max(0.01, track.lower(i)));
                    high = Math.max(high, track.upper(i));
                }
            }
            if (high <= 0) {
                return new Scale(Math.log(1), Math.log(1_000));
            }
            double least = Math.log(low * 0.9);
            return new Scale(least, Math.max(least + 0.5, Math.log(high * 1.1)));
        }

        double y(double millis) {
            double share = (Math.log(Math.max(0.001, millis)) - low) / (high - low);
            return bottom() - Math.clamp(share, 0, 1) * (bottom() - TOP);
        }

        void ticks(StringBuilder svg) {
            int decades = (int) Math.ceil((high - low) / Math.log(10));
            List<Integer> steps = decades <= 1 ? List.of(1, 2, 3, 5, 7) : decades <= 3 ? List.of(1, 3) : List.of(1);
            for (int power = -3; power < 9; power++) {
                for (int step : steps) {
                    double value = step * Math.pow(10, power);
                    if (Math.log(value) > low && Math.log(value) < high) {
                        svg.append(String.format(
                                Locale.ROOT,
                                "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>%n",
                                LEFT, y(value), WIDTH - RIGHT, LEFT - 6, y(value) + 3.5, label(value)));
                    }
                }
            }
        }

        private static String label(double millis) {
            return millis >= 1_000
                    ? String.format(Locale.ROOT, "%.0f s", millis / 1_000)
                    : millis >= 1 ? String.format(Locale.ROOT, "%.0f ms", millis) : String.format(Locale.ROOT, "%.2g ms", millis);
        }
    }

    private void times(StringBuilder svg) {
        Duration all = Duration.ofMillis(span);
        boolean hours = all.compareTo(Duration.ofDays(2)) < 0;
        long days = Math.max(1, all.toDays() / MOST_DAYS_BY_DAY + (all.toDays() % MOST_DAYS_BY_DAY == 0 ? 0 : 1));
        long stepHours = Math.max(1, all.toHours() / 12);
        ZonedDateTime tick = findings.from().atZone(zone).truncatedTo(hours ? ChronoUnit.HOURS : ChronoUnit.DAYS);
        DateTimeFormatter format = DateTimeFormatter.ofPattern(hours ? "HH:mm" : "MMM d", Locale.ROOT);
        for (; !tick.toInstant().isAfter(findings.to()); tick = hours ? tick.plusHours(stepHours) : tick.plusDays(days)) {
            if (tick.toInstant().isBefore(findings.from())) {
                continue;
            }
            double x = x(tick.toInstant().toEpochMilli());
            svg.append(String.format(
                    Locale.ROOT,
                    "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text class=\"x\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    x, TOP, HEIGHT - BOTTOM + FAILED + 4, x, HEIGHT - 8, format.format(tick)));
        }
    }

    private void spans(StringBuilder svg, Series series) {
        int sides = findings.sides().size();
        double height = (bottom() - TOP) / sides;
        for (int side = 0; side < sides; side++) {
            double y = TOP + side * height;
            findings.sides().get(side).alerts().stream()
                    .filter(alert -> alert.series().equals(series))
                    .limit(MOST_SPANS)
                    .forEach(alert -> span(svg, alert, y, height));
        }
    }

    private void span(StringBuilder svg, Happening alert, double y, double height) {
        double start = x(alert.firedAt().toEpochMilli());
        double end = x(alert.endsAt().orElse(Instant.ofEpochMilli(from + span)).toEpochMilli());
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"span %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
                alert.severity().code(), start, y, Math.max(LEAST_SPAN, end - start), height));
        Html.escape(svg, alert.rule() + " at " + alert.firedAt().truncatedTo(ChronoUnit.SECONDS) + ": " + alert.message());
        svg.append("</title></rect>\n");
    }

    private void band(StringBuilder svg, Track track, Scale scale) {
        int i = 0;
        while (i < track.size()) {
            int begin = i;
            while (i < track.size() && !Float.isNaN(track.lower(i))) {
                i++;
            }
            if (i > begin) {
                svg.append("<path class=\"band\" d=\"M");
                for (int j = begin; j < i; j++) {
                    point(svg, x(track.startOf(j)), scale.y(track.upper(j)));
                }
                point(svg, x(Math.min(from + span, track.startOf(i - 1) + track.width())), scale.y(track.upper(i - 1)));
                for (int j = i - 1; j >= begin; j--) {
                    point(svg, x(track.startOf(j)), scale.y(track.lower(j)));
                }
                svg.append("Z\"/>\n");
            }
            i = Math.max(i, begin + 1);
        }
    }

    private void top(StringBuilder svg, Track track, Scale scale) {
        svg.append("<path class=\"top\" d=\"");
        for (int i = 0; i < track.size(); i++) {
            if (track.known(i)) {
                double x = x(track.startOf(i) + track.width() / 2);
                svg.append(String.format(Locale.ROOT, "M%.1f %.1fh1", x, scale.y(track.most(i))));
            }
        }
        svg.append("\"/>\n");
    }

    private void line(StringBuilder svg, Track track, Scale scale) {
        svg.append("<path class=\"line\" d=\"");
        boolean drawing = false;
        for (int i = 0; i < track.size(); i++) {
            if (!track.known(i)) {
                drawing = false;
                continue;
            }
            svg.append(drawing ? "L" : "M");
            point(svg, x(track.startOf(i) + track.width() / 2), scale.y(track.mean(i)));
            drawing = true;
        }
        svg.append("\"/>\n");
    }

    /** Below the picture, as a strip: the more failed, the higher. */
    private void failures(StringBuilder svg, Track track) {
        double base = bottom() + FAILED + 2;
        double width = Math.max(1, x(from + track.width()) - x(from));
        svg.append("<path class=\"fail\" d=\"");
        for (int i = 0; i < track.size(); i++) {
            double share = track.failed(i);
            if (share > 0) {
                double height = 2 + share * (FAILED - 2);
                svg.append(String.format(
                        Locale.ROOT, "M%.1f %.1fv-%.1fh%.1fv%.1fz", x(track.startOf(i)), base, height, width, height));
            }
        }
        svg.append("\"/>\n");
    }

    private static void point(StringBuilder svg, double x, double y) {
        svg.append(Math.round(x * 10) / 10.0).append(' ').append(Math.round(y * 10) / 10.0).append(' ');
    }
}
