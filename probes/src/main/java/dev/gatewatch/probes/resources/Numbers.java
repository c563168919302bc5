package dev.gatewatch.probes.resources;

import dev.gatewatch.config.ValueType;
import dev.gatewatch.config.Types;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How numbers are written in the configuration and shown to people. Pure functions. */
final class Numbers {
    private static final MathContext THREE = new MathContext(3);

    /** Any finite number. */
    static final ValueType<Double> TYPE = Types.scalar("a number", Map.of("type", "number"), Numbers::parse);

    private Numbers() {}

    static Optional<Double> parse(String text) {
        try {
            return Optional.of(new BigDecimal(text.strip()).doubleValue()).filter(Double::isFinite);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** Whole numbers in full, others with three digits that count. */
    static String shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.valueOf((long) value);
        }
        BigDecimal rounded = Math.abs(value) >= 1_000
                ? BigDecimal.valueOf(Math.rint(value))
                : new BigDecimal(value).round(THREE);
        return rounded.stripTrailingZeros().toPlainString();
    }

    /** A slope in the unit in which it is easily read: {@code 0.4/min}, {@code 3/h}. */
    static String perTime(double perSecond) {
        double size = Math.abs(perSecond);
        if (size >= 1) {
            return shown(size) + "/s";
        }
        if (size * 60 >= 0.1) {
            return shown(size * 60) + "/min";
        }
        return size * 3_600 >= 0.1 ? shown(size * 3_600) + "/h" : shown(size * 86_400) + "/day";
    }

    /** A time as people guess it: {@code 40 min}. */
    static String about(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 2 * 3_600) {
            return Math.round(seconds / 60.0) + " min";
        }
        return seconds < 2 * 86_400 ? Math.round(seconds / 3_600.0) + " h" : Math.round(seconds / 86_400.0) + " days";
    }
}
