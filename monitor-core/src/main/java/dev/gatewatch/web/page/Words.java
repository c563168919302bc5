package dev.gatewatch.web.page;

import dev.gatewatch.probe.Fact;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values as the page writes them for people. */
final class Words {
    private static final DateTimeFormatter FULL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    /** How long, to two units at most: {@code 12 s}, {@code 4 min}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
    static String span(Duration d) {
        long s = Math.max(0, d.toSeconds());
        if (s < 60) {
            return s + " s";
        }
        if (s < 3_600) {
            return s / 60 + " min";
        }
        if (s < 86_400) {
            long minutes = s % 3_600 / 60;
            return s / 3_600 + " h" + (minutes == 0 ? "" : " " + minutes + " min");
        }
        long hours = s % 86_400 / 3_600;
        return s / 86_400 + " d" + (hours == 0 || s >= 10 * 86_400 ? "" : " " + hours + " h");
    }

    /** A latency to three figures or so: {@code 0.84 ms}, {@code 12.5 ms}, {@code 812 ms}, {@code 2.41 s}. */
    static String latency(Duration d) {
        double ms = d.toNanos() / 1e6;
        if (ms < 10) {
            return String.format(Locale.ROOT, "%.2f ms", ms);
        }
        if (ms < 100) {
            return String.format(Locale.ROOT, "%.1f ms", ms);
        }
        if (ms < 1_000) {
            return String.format(Locale.ROOT, "%.0f ms", ms);
        }
        return String.format(Locale.ROOT, "%.2f s", ms / 1_000);
    }

    /** A range of milliseconds, or of a fact's numbers: {@code 180–260 ms}. */
    static String range(double lower, double upper, boolean time) {
        if (!time) {
            return Fact.of(figures(lower)).shown() + "–" + Fact.of(figures(upper)).shown();
        }
        String from = latency(Duration.ofNanos(Math.round(lower * 1e6)));
        String to = latency(Duration.ofNanos(Math.round(upper * 1e6)));
        int unit = to.indexOf(' ');
        return (from.endsWith(to.substring(unit)) ? from.substring(0, from.indexOf(' ')) : from) + "–" + to;
    }

    private static double figures(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(new MathContext(3)).doubleValue() : 0;
    }

    /** Latency beside what is usual: {@code 3.4× usual}; empty where it is about the usual. */
    static String beside(Duration now, Duration usual) {
        if (usual.isZero()) {
            return "";
        }
        double ratio = (double) now.toNanos() / usual.toNanos();
        return ratio < 1.5 ? "" : String.format(Locale.ROOT, ratio < 10 ? "%.1f× usual" : "%.0f× usual", ratio);
    }

    /** A change as a share: {@code +2.3%}, {@code −12%}. */
    static String change(double share) {
        double percent = 100 * share;
        return String.format(Locale.ROOT, Math.abs(percent) < 9.95 ? "%+.1f%%" : "%+.0f%%", percent).replace('-', '−');
    }

    /** A share: {@code 0%}, {@code 0.4%}, {@code 12%}; nothing is known of NaN. */
    static String share(double share) {
        if (Double.isNaN(share)) {
            return "–";
        }
        return String.format(Locale.ROOT, share == 0 || share >= 0.0995 ? "%.0f%%" : "%.1f%%", 100 * share);
    }

    static String full(Instant at) {
        return FULL.format(at);
    }

    static String date(Instant at) {
        return DATE.format(at);
    }

    /** A number with its noun: {@code 1 probe}, {@code 3 probes}. */
    static String count(long n, String one) {
        return n + " " + (n == 1 ? one : one + "s");
    }

    /** A code such as {@code connect_refused} as words. */
    static String plain(String code) {
        return code.replace('_', ' ');
    }

    /**
     * A fact's value. Unix times are shown as dates, which people can read.
     *
     * @param metric the metric that carries it, or empty
     */
    static String fact(Fact fact, String metric) {
        return switch (fact) {
            case Fact.Flag(boolean flag) -> flag ? "yes" : "no";
            case Fact.Text(String text) -> text;
            case Fact.Quantity(double number)
            when isUnixTime(metric) && number > 0 && number < 1e11 -> full(Instant.ofEpochSecond((long) number));
            case Fact.Quantity quantity -> quantity.shown();
        };
    }

    private static boolean isUnixTime(String metric) {
        return metric.endsWith("_expiry") || metric.endsWith("_timestamp_seconds");
    }

    /** The page of a probe. */
    static String probePath(String probe) {
        return "/probes/" + URLEncoder.encode(probe, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String queryValue(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
