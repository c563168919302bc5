package dev.gatewatch.probe;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/** A measured value beside latency. Immutable. */
public sealed interface Fact {
    /** The value as JSON shows it: a {@link Double}, {@link Long}, {@link String} or {@link Boolean}. */
    Object value();

    /** The value as people read it: numbers without exponent and with at most six digits after the point. */
    default String shown() {
        return value() instanceof Double number
                ? BigDecimal.valueOf(number)
                        .setScale(6, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                : String.valueOf(value());
    }

    /** A number in base units (seconds, bytes, a count). Never NaN. */
    record Quantity(double number) implements Fact {
        @Override
        public Object value() {
            // a count should not be shown as 200.0
            if (number == Math.rint(number) && Math.abs(number) < 1e15) {
                return (long) number;
            }
            return number;
        }
    }

    /** A short text, such as a TLS version or a fingerprint. Bounded to {@value #MOST} characters when made by {@link #of(String)}. */
    record Text(String text) implements Fact {
        static final int MOST = 1_000;

        public Text {
            Objects.requireNonNull(text);
        }

        @Override
        public Object value() {
            return text;
        }
    }

    /** A yes or no. */
    record Flag(boolean flag) implements Fact {
        @Override
        public Object value() {
            return flag;
        }
    }

    static Fact of(double number) {
        return new Quantity(number);
    }

    static Fact of(String text) {
        return new Text(text.length() <= Text.MOST ? text : text.substring(0, Text.MOST - 1) + "…");
    }

    static Fact of(boolean flag) {
        return new Flag(flag);
    }

    /** A number or a flag where the text looks like one, else the text. */
    static Fact parse(String text) {
        if (text.equals("true") || text.equals("false")) {
            return of(text.equals("true"));
        }
        try {
            double number = Double.parseDouble(text);
            return Double.isFinite(number) ? of(number) : of(text);
        } catch (NumberFormatException _) {
            return of(text);
        }
    }
}
