package dev.gatewatch.probes.transaction;

import dev.gatewatch.probe.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Makes a variable's value anew for every run. Immutable. */
sealed interface Generator {
    Random RANDOM = new SecureRandom();

    /**
     * A value.
     *
     * @param name of the variable, under which a sequence is remembered
     */
    String make(String name, Instant now, Memory memory);

    /** A random (version 4) UUID. */
    record Uuid() implements Generator {
        @Override
        public String make(String name, Instant now, Memory memory) {
            return UUID.randomUUID().toString();
        }
    }

    /**
     * The time of the run, or before or after it.
     *
     * @param pattern absent for Unix seconds or milliseconds
     * @param unit what Unix time is counted in
     */
    record Now(Optional<DateTimeFormatter> pattern, Duration unit, Duration offset, ZoneId zone) implements Generator {
        @Override
        public String make(String name, Instant now, Memory memory) {
            Instant at = now.plus(offset);
            return pattern.map(p -> p.withZone(zone).format(at))
                    .orElseGet(() -> String.valueOf(at.toEpochMilli() / unit.toMillis()));
        }
    }

    /** A whole number, both bounds included. */
    record WholeNumber(long min, long max) implements Generator {
        @Override
        public String make(String name, Instant now, Memory memory) {
            return String.valueOf(max == Long.MAX_VALUE ? RANDOM.nextLong(min, max) : RANDOM.nextLong(min, max + 1));
        }
    }

    /** A sum of money, both bounds included, with a fixed number of decimals. */
    record Amount(BigDecimal min, BigDecimal max, int decimals) implements Generator {
        @Override
        public String make(String name, Instant now, Memory memory) {
            BigInteger low = min.setScale(decimals).unscaledValue();
            long range = max.setScale(decimals).unscaledValue().subtract(low).longValueExact();
            return new BigDecimal(low.add(BigInteger.valueOf(RANDOM.nextLong(range + 1))), decimals).toPlainString();
        }
    }

    /** Random characters of an alphabet. */
    record Text(int length, String alphabet) implements Generator {
        @Override
        public String make(String name, Instant now, Memory memory) {
            var text = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
            }
            return text.toString();
        }
    }

    /** 1, 2, 3 … over the runs of a series, also over restarts. */
    record Sequence() implements Generator {
        @Override
        public String make(String name, Instant now, Memory memory) {
            String key = "sequence " + name;
            long next = memory.get(key)
                            .filter(text -> text.matches("\\d{1,18}"))
                            .map(Long::parseLong)
                            .orElse(0L)
                    + 1;
            memory.put(key, String.valueOf(next));
            return String.valueOf(next);
        }
    }
}
