package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** How a {@link Generator} is written: a word ({@code uuid}, {@code now}, {@code sequence}), or a mapping of one kind to its details. */
final class GeneratorType implements ValueType<Generator> {
    static final GeneratorType INSTANCE = new GeneratorType();

    private static final String ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final Generator.Now ISO =
            new Generator.Now(Optional.of(DateTimeFormatter.ISO_INSTANT), Duration.ofMillis(1), Duration.ZERO, ZoneOffset.UTC);
    private static final Map<String, Generator> WORDS = words();

    private static final Key<String> FORMAT = Key.withDefault(
            "format",
            Types.text(),
            "iso",
            "iso",
            "iso (2026-03-02T12:00:00Z), unix (seconds), unix_ms, or a pattern as yyyyMMddHHmmss (letters of Java's DateTimeFormatter).");
    private static final Key<Duration> OFFSET = Key.withDefault(
            "offset", offset(), Duration.ZERO, "0", "Added to the time of the run: 15m, or -1d for the past.");
    private static final Key<ZoneId> ZONE = Key.withDefault(
            "zone", zone(), ZoneOffset.UTC, "UTC", "Time zone for a pattern, as Asia/Shanghai or +08:00.");
    private static final SectionType<Generator> NOW = SectionType.of("now", List.of(FORMAT, OFFSET, ZONE), GeneratorType::now);

    private static final Key<BigDecimal> MIN = Key.required("min", number(), "Smallest value, included.");
    private static final Key<BigDecimal> MAX = Key.required("max", number(), "Largest value, included.");
    private static final Key<Integer> DECIMALS =
            Key.withDefault("decimals", Types.integer(0, 9), 2, "2", "Digits after the point; they are always there.");
    private static final SectionType<Generator> INTEGER = SectionType.of("integer", List.of(MIN, MAX), s -> integer(s));
    private static final SectionType<Generator> AMOUNT =
            SectionType.of("amount", List.of(MIN, MAX, DECIMALS), GeneratorType::amount);

    private static final Key<Integer> LENGTH = Key.withDefault("length", Types.integer(1, 1_000), 16, "16", "Characters.");
    private static final Key<String> ALPHABET = Key.withDefault(
            "alphabet", Types.oneOf(alphabets()), ALPHANUMERIC, "alphanumeric", "What the characters are taken from.");
    private static final SectionType<Generator> TEXT = SectionType.of(
            "text", List.of(LENGTH, ALPHABET), s -> new Generator.Text(s.get(LENGTH), s.get(ALPHABET)));

    private static final Key<Generator> NOW_KEY = Key.optional("now", NOW, "The time of the run.");
    private static final Key<Generator> INTEGER_KEY = Key.optional("integer", INTEGER, "A random whole number.");
    private static final Key<Generator> AMOUNT_KEY =
            Key.optional("amount", AMOUNT, "A random sum within bounds, as 12.30.");
    private static final Key<Generator> TEXT_KEY = Key.optional("text", TEXT, "Random characters.");
    private static final List<Key<Generator>> KINDS = List.of(NOW_KEY, INTEGER_KEY, AMOUNT_KEY, TEXT_KEY);
    private static final SectionType<Generator> SECTION =
            SectionType.of("generate", List.copyOf(KINDS), GeneratorType::one);

    private GeneratorType() {}

    private static Map<String, Generator> words() {
        var words = new LinkedHashMap<String, Generator>();
        words.put("uuid", new Generator.Uuid());
        words.put("now", ISO);
        words.put("sequence", new Generator.Sequence());
        return words;
    }

    private static SequencedMap<String, String> alphabets() {
        var words = new LinkedHashMap<String, String>();
        String digits = "0123456789";
        String small = "abcdefghijklmnopqrstuvwxyz";
        words.put("alphanumeric", ALPHANUMERIC);
        words.put("letters", small + small.toUpperCase(Locale.ROOT));
        words.put("digits", digits);
        words.put("hex", digits + "abcdef");
        return words;
    }

    @Override
    public Optional<Generator> read(Node node, Reading reading) {
        if (!(node instanceof Node.Scalar s)) {
            return SECTION.read(node, reading);
        }
        Generator known = WORDS.get(s.text());
        if (known == null) {
            reading.problems()
                    .error(
                            s,
                            "expected " + describe() + ", found " + s.shown(),
                            Suggestions.didYouMean(s.text(), WORDS.keySet()).orElse("as order_no: uuid"));
        }
        return Optional.ofNullable(known);
    }

    @Override
    public String describe() {
        return "uuid, now or sequence, or a mapping with one of now, integer, amount, text";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        return Map.of("anyOf", List.of(Map.of("enum", List.copyOf(WORDS.keySet())), SECTION.jsonSchema()));
    }

    private static Generator one(Section section) {
        List<Key<Generator>> written = KINDS.stream().filter(section::has).toList();
        if (written.size() != 1) {
            section.reading().problems().error(section.node(), "one of now, integer, amount and text is needed");
        }
        return written.isEmpty() ? ISO : section.find(written.getFirst()).orElse(ISO);
    }

    private static Generator now(Section section) {
        String format = section.get(FORMAT);
        Duration offset = section.get(OFFSET);
        ZoneId zone = section.get(ZONE);
        return switch (format) {
            case "iso" -> new Generator.Now(ISO.pattern(), ISO.unit(), offset, zone);
            case "unix" -> new Generator.Now(Optional.empty(), Duration.ofSeconds(1), offset, zone);
            case "unix_ms" -> new Generator.Now(Optional.empty(), Duration.ofMillis(1), offset, zone);
            default -> {
                try {
                    var pattern = DateTimeFormatter.ofPattern(format, Locale.ROOT);
                    // some patterns are only found out when they are used
                    if (pattern.withZone(zone).format(Instant.EPOCH).isBlank()) {
                        throw new IllegalArgumentException("blank");
                    }
                    yield new Generator.Now(Optional.of(pattern), Duration.ofMillis(1), offset, zone);
                } catch (IllegalArgumentException | DateTimeException _) {
                    section.problem(FORMAT, "expected iso, unix, unix_ms or a pattern such as yyyyMMddHHmmss, found \"" + format + "\"");
                    yield ISO;
                }
            }
        };
    }

    private static Generator integer(Section section) {
        BigDecimal min = section.get(MIN);
        BigDecimal max = section.get(MAX);
        if (checked(section, min, max, 0)) {
            return new Generator.WholeNumber(min.longValueExact(), max.longValueExact());
        }
        return ISO;
    }

    private static Generator amount(Section section) {
        BigDecimal min = section.get(MIN);
        BigDecimal max = section.get(MAX);
        int decimals = section.get(DECIMALS);
        return checked(section, min, max, decimals) ? new Generator.Amount(min, max, decimals) : ISO;
    }

    private static boolean checked(Section section, BigDecimal min, BigDecimal max, int decimals) {
        if (min.compareTo(max) > 0) {
            section.problem(MIN, "min " + min.toPlainString() + " is above max " + max.toPlainString());
            return false;
        }
        for (Key<BigDecimal> bound : List.of(MIN, MAX)) {
            BigDecimal value = section.get(bound);
            if (value.setScale(decimals, RoundingMode.DOWN).compareTo(value) != 0) {
                section.problem(
                        bound,
                        decimals == 0
                                ? "expected a whole number, found " + value.toPlainString()
                                : value.toPlainString() + " has more than " + decimals + " decimals");
                return false;
            }
        }
        return true;
    }

    /** Up to 15 digits before and 3 after the point would fit a long with room to spare; 9 decimals leave 9 before it. */
    private static ValueType<BigDecimal> number() {
        return Types.scalar("a number of at most 9 digits before the point", Map.of("type", "number"), text -> {
            boolean plain = text.matches("-?\\d{1,9}(\\.\\d{1,9})?");
            return plain ? Optional.of(new BigDecimal(text)) : Optional.empty();
        });
    }

    private static ValueType<Duration> offset() {
        return Types.scalar("a duration, with or without a minus (15m, -1d)", Map.of("type", List.of("string", "integer")), text -> {
            boolean past = text.startsWith("-");
            return Durations.parse(past ? text.substring(1) : text)
                    .filter(d -> d.compareTo(Duration.ofDays(36_500)) <= 0)
                    .map(d -> past ? d.negated() : d);
        });
    }

    private static ValueType<ZoneId> zone() {
        return Types.scalar("a time zone (UTC, Asia/Shanghai, +08:00)", Map.of("type", "string"), text -> {
            try {
                return Optional.of(ZoneId.of(text));
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        });
    }
}
