package dev.gatewatch.probes.blackbox;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/** Values as programs in Go read them. */
final class GoTypes {
    private static final java.util.regex.Pattern PART = java.util.regex.Pattern.compile("(\\d{0,20}(?:\\.\\d{0,20})?)(ns|us|µs|ms|s|m|h)");
    private static final java.util.regex.Pattern SIZE =
            java.util.regex.Pattern.compile("(?i)(\\d+)\\s*(B|K|KB|KIB|M|MB|MIB|G|GB|GIB)?");

    private GoTypes() {}

    /** An RE2 expression, kept as text. */
    static ValueType<String> regex() {
        return new ValueType<>() {
            @Override
            public Optional<String> read(Node node, Reading reading) {
                Optional<String> text = Types.text().read(node, reading);
                if (text.filter(t -> t.length() > Types.LONGEST_REGEX).isPresent()) {
                    reading.problems()
                            .error(node, "a regular expression of more than " + Types.LONGEST_REGEX + " characters");
                    return Optional.empty();
                }
                try {
                    text.ifPresent(Pattern::compile);
                    return text;
                } catch (PatternSyntaxException e) {
                    reading.problems().error(node, "not a regular expression (RE2): " + e.getMessage());
                    return Optional.empty();
                }
            }

            @Override
            public String describe() {
                return "a regular expression (RE2)";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Types.text().jsonSchema();
            }
        };
    }

    /** YAML 1.1's words for true and false, which Go's reader still takes. */
    static ValueType<Boolean> bool() {
        return Types.scalar("true or false", Types.bool().jsonSchema(), text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "y" -> Optional.of(true);
            case "false", "no", "off", "n" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    /** {@code time.ParseDuration}: a number and a unit each, up to hours. */
    static ValueType<Duration> duration() {
        return Types.scalar("a duration as 5s, 1m30s or 1.5h", Types.text().jsonSchema(), GoTypes::duration);
    }

    private static Optional<Duration> duration(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (end < text.length() && part.region(end, text.length()).lookingAt()) {
            if (part.group(1).isEmpty() || part.group(1).equals(".")) {
                return Optional.empty();
            }
            long unit =
                    switch (part.group(2)) {
                        case "ns" -> 1L;
                        case "us", "µs" -> 1_000L;
                        case "ms" -> 1_000_000L;
                        case "s" -> 1_000_000_000L;
                        case "m" -> 60_000_000_000L;
                        default -> 3_600_000_000_000L;
                    };
            sum = sum.plusNanos(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)).longValue());
            end = part.end();
        }
        return end == text.length() && end > 0 ? Optional.of(sum) : Optional.empty();
    }

    /** A size in units of 1024, in bytes. */
    static ValueType<Long> size() {
        return Types.scalar("a size as 512KB or 10MB", Types.text().jsonSchema(), text -> {
            Matcher size = SIZE.matcher(text.strip());
            if (!size.matches() || size.group(1).length() > 12) {
                return Optional.empty();
            }
            String unit = size.group(2) == null ? "B" : size.group(2).toUpperCase(Locale.ROOT);
            int shift = unit.startsWith("K") ? 10 : unit.startsWith("M") ? 20 : unit.startsWith("G") ? 30 : 0;
            return Optional.of(Long.parseLong(size.group(1)) << shift);
        });
    }
}
