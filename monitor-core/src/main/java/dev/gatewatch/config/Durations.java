package dev.gatewatch.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 1.5s}, {@code 5m}, {@code 1h30m}, {@code 30d}, {@code 2w}. */
public final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ms|us|s|m|h|d|w)");

    private Durations() {}

    /** The duration, or nothing where the text is not one. A bare {@code 0} is one; any other number needs its unit. */
    public static Optional<Duration> parse(String text) {
        String t = text.strip();
        if (t.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher m = PART.matcher(t);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (end < t.length() && m.find(end) && m.start() == end) {
            long unitNanos =
                    switch (m.group(2)) {
                        case "us" -> 1_000L;
                        case "ms" -> 1_000_000L;
                        case "s" -> 1_000_000_000L;
                        case "m" -> 60_000_000_000L;
                        case "h" -> 3_600_000_000_000L;
                        case "d" -> 86_400_000_000_000L;
                        default -> 7 * 86_400_000_000_000L;
                    };
            var nanos = new java.math.BigDecimal(m.group(1)).multiply(java.math.BigDecimal.valueOf(unitNanos));
            if (nanos.compareTo(java.math.BigDecimal.valueOf(Long.MAX_VALUE / 2)) > 0) {
                return Optional.empty();
            }
            sum = sum.plusNanos(nanos.longValue());
            end = m.end();
        }
        return end == t.length() && end > 0 ? Optional.of(sum) : Optional.empty();
    }

    /** The shortest way a person would write it, exact to the millisecond: {@code 1h30m}, {@code 800ms}, {@code 5.25s}. */
    public static String format(Duration d) {
        if (d.isNegative()) {
            return "-" + format(d.negated());
        }
        long ms = d.toMillis();
        if (ms < 1000) {
            return ms == 0 && !d.isZero() ? d.toNanos() / 1000 + "us" : ms == 0 ? "0" : ms + "ms";
        }
        if (ms % 1000 != 0 && ms < 60_000) {
            return java.math.BigDecimal.valueOf(ms, 3).stripTrailingZeros().toPlainString() + "s";
        }
        long s = ms / 1000;
        var out = new StringBuilder();
        long[] sizes = {86_400, 3_600, 60, 1};
        String[] names = {"d", "h", "m", "s"};
        for (int i = 0; i < sizes.length; i++) {
            if (s >= sizes[i]) {
                out.append(s / sizes[i]).append(names[i]);
                s %= sizes[i];
            }
        }
        return out.toString();
    }
}
