package dev.gatewatch.baseline;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Says in one line for a person woken at night why the present is unusual: what it is now, what is usual at this hour of the week, and
 * since when. Pure functions.
 */
public final class Explanation {
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("EEEE HH'h'", Locale.ENGLISH);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm z", Locale.ENGLISH);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z", Locale.ENGLISH);

    private Explanation() {}

    /**
     * The whole line: {@code typically 412 ms, usual for Monday 09h 180–260 ms, since 09:14 CET}. Empty where nothing is unusual.
     *
     * @param at when that was judged
     * @param zone whose hours and clock are told
     */
    public static String of(Judgement judgement, Quantity quantity, Instant at, ZoneId zone) {
        return judgement.shape() == Shape.NONE
                ? ""
                : what(judgement, quantity, at, zone) + ", since " + since(judgement, at, zone);
    }

    /** The same without the time since when. */
    public static String what(Judgement judgement, Quantity quantity, Instant at, ZoneId zone) {
        Band usual = judgement.usual();
        return switch (judgement.shape()) {
            case STEP -> name(quantity) + "typically " + beside(judgement, quantity, at, zone);
            case DRIFT -> name(quantity) + "has crept to " + beside(judgement, quantity, at, zone);
            case VARIANCE ->
                name(quantity) + share(judgement.now()) + " of runs are far " + beyond(quantity) + ", usual are "
                        + share(usual.middle());
            case ERRORS -> share(judgement.now()) + " of runs fail, usual are " + share(usual.middle());
            case NONE -> "as usual";
        };
    }

    private static String name(Quantity quantity) {
        return switch (quantity.kind()) {
            case LATENCY, ERRORS -> "";
            case PHASE, FACT -> quantity.name().replace('_', ' ') + " ";
        };
    }

    private static String beyond(Quantity quantity) {
        return quantity.isTime() ? "slower than usual" : "off the usual";
    }

    /** Beside the range; or the middle, where the range of single runs is so wide that the middle of many has moved within it. */
    private static String beside(Judgement judgement, Quantity quantity, Instant at, ZoneId zone) {
        Band usual = judgement.usual();
        double now = judgement.now();
        boolean within = now >= usual.lower() && now <= usual.upper();
        return value(now, quantity) + ", usual for " + hour(at, zone) + " "
                + (within
                        ? value(usual.middle(), quantity) + " (single runs " + range(usual, quantity) + ")"
                        : range(usual, quantity));
    }

    /** {@code Monday 09h}. */
    public static String hour(Instant at, ZoneId zone) {
        return HOUR.format(at.atZone(zone));
    }

    /** {@code 180–260 ms}. */
    public static String range(Band usual, Quantity quantity) {
        String lower = value(usual.lower(), quantity);
        String upper = value(usual.upper(), quantity);
        int unit = upper.indexOf(' ');
        boolean alike = unit > 0 && lower.endsWith(upper.substring(unit));
        return (alike ? lower.substring(0, lower.indexOf(' ')) : lower) + "–" + upper;
    }

    private static String since(Judgement judgement, Instant at, ZoneId zone) {
        Instant since = Instant.ofEpochMilli(judgement.since());
        LocalDate today = LocalDate.ofInstant(at, zone);
        // an offset of zero would be told as Z
        ZoneId named = zone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone;
        return (LocalDate.ofInstant(since, zone).equals(today) ? CLOCK : DAY).format(since.atZone(named));
    }

    /** A value to three figures: {@code 4.12 ms}, {@code 412 ms}, {@code 1.41 s}; a fact's has no unit. */
    public static String value(double value, Quantity quantity) {
        if (Double.isNaN(value)) {
            return "unknown";
        }
        if (!quantity.isTime()) {
            return figures(value);
        }
        return value < 999.5 ? figures(value) + " ms" : figures(value / 1_000) + " s";
    }

    /** A time to three figures. */
    public static String value(Duration time) {
        return value(time.toNanos() / 1e6, Quantity.LATENCY);
    }

    private static String figures(double value) {
        double size = Math.abs(value);
        String format = size >= 99.95 || value == Math.rint(value) ? "%.0f" : size >= 9.995 ? "%.1f" : "%.2f";
        return size != 0 && size < 0.005 ? String.format(Locale.ROOT, "%.3g", value) : String.format(Locale.ROOT, format, value);
    }

    /** {@code 0.3 %}, {@code 12 %}. */
    public static String share(double share) {
        return Double.isNaN(share) ? "unknown" : String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
    }
}
