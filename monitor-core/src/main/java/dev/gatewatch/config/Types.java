package dev.gatewatch.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gatewatch.config.Node.Tag;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The ready-made value types. */
public final class Types {
    private Types() {}

    /** A type made of a function over one scalar; the function answers nothing after telling its problem. */
    private record ScalarType<T>(
            String describe,
            Map<String, Object> jsonSchema,
            BiFunction<Node.Scalar, Reading, Optional<T>> reader)
            implements ValueType<T> {
        @Override
        public Optional<T> read(Node node, Reading reading) {
            if (node instanceof Node.Scalar scalar && scalar.tag() != Tag.NULL) {
                return reader.apply(scalar, reading);
            }
            reading.problems().error(node, "expected " + describe + ", found " + node.kind());
            return Optional.empty();
        }
    }

    /** One value whose text {@code parse} understands; {@code describe} completes "expected …". */
    public static <T> ValueType<T> scalar(String describe, Map<String, Object> schema, Function<String, Optional<T>> parse) {
        return new ScalarType<>(describe, schema, (s, reading) -> {
            Optional<T> value = parse.apply(s.text());
            if (value.isEmpty()) {
                reading.problems().error(s, "expected " + describe + ", found " + s.shown());
            }
            return value;
        });
    }

    /** Any one value, as its text. Numbers and booleans are taken as written. */
    public static ValueType<String> text() {
        return scalar("text", Map.of("type", List.of("string", "number", "boolean")), Optional::of);
    }

    /** Text that matches a pattern in whole; {@code describe} says it in words. */
    public static ValueType<String> text(String describe, String pattern) {
        var compiled = java.util.regex.Pattern.compile(pattern);
        return scalar(
                describe,
                Map.of("type", "string", "pattern", "^(?:" + pattern + ")$"),
                t -> Optional.of(t).filter(v -> compiled.matcher(v).matches()));
    }

    /** A name for a probe, rule, channel, region or location: starts with a letter or digit, then up to 99 of {@code A-Za-z0-9._-}. */
    public static ValueType<String> name() {
        return text("a name (letters, digits, '.', '_' and '-', at most 100)", "[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    }

    /** A value kept as a {@link Secret}, usually {@code ${env:NAME}} or {@code ${file:PATH}}. */
    public static ValueType<Secret> secret() {
        return scalar("secret text", Map.of("type", "string"), t -> Optional.of(t).filter(v -> !v.isBlank()).map(Secret::new));
    }

    public static ValueType<Boolean> bool() {
        return scalar("true or false", Map.of("type", "boolean"), t -> switch (t) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    /** A whole number within bounds, both included. */
    public static ValueType<Integer> integer(int least, int most) {
        String range = most == Integer.MAX_VALUE ? "of at least " + least : "from " + least + " to " + most;
        return scalar(
                "a whole number " + range,
                Map.of("type", "integer", "minimum", least, "maximum", most),
                t -> {
                    try {
                        return Optional.of(Integer.parseInt(t)).filter(v -> v >= least && v <= most);
                    } catch (NumberFormatException _) {
                        return Optional.empty();
                    }
                });
    }

    /** A number within bounds, both included. */
    public static ValueType<Double> decimal(double least, double most) {
        return scalar(
                "a number from " + least + " to " + most,
                Map.of("type", "number", "minimum", least, "maximum", most),
                t -> {
                    try {
                        return Optional.of(Double.parseDouble(t)).filter(v -> v >= least && v <= most);
                    } catch (NumberFormatException _) {
                        return Optional.empty();
                    }
                });
    }

    /** A share as {@code 5%} or {@code 0.05}; read as the fraction 0.05. */
    public static ValueType<Double> percent() {
        return scalar(
                "a percentage from 0% to 100%",
                Map.of("type", List.of("string", "number"), "pattern", "^[0-9.]+%?$"),
                t -> {
                    try {
                        double v = t.endsWith("%")
                                ? Double.parseDouble(t.substring(0, t.length() - 1)) / 100
                                : Double.parseDouble(t);
                        return Optional.of(v).filter(f -> f >= 0 && f <= 1);
                    } catch (NumberFormatException _) {
                        return Optional.empty();
                    }
                });
    }

    /** A duration within bounds, both included. */
    public static ValueType<Duration> duration(Duration least, Duration most) {
        String describe = "a duration from " + Durations.format(least) + " to " + Durations.format(most) + " (as 30s, 5m, 1h30m)";
        return scalar(
                describe,
                Map.of("type", List.of("string", "integer"), "pattern", "^(0|([0-9.]+(us|ms|s|m|h|d|w))+)$"),
                t -> Durations.parse(t).filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0));
    }

    /** A number of bytes: {@code 512}, {@code 64kB}, {@code 10MB}, {@code 1GiB}. Prefixes are powers of 1024 either way. */
    public static ValueType<Long> bytes(long least, long most) {
        var pattern = java.util.regex.Pattern.compile("(\\d{1,15})\\s*([kKMGT]?)(i?B)?");
        return scalar(
                "a size from " + bytesText(least) + " to " + bytesText(most) + " (as 64kB, 10MB)",
                Map.of("type", List.of("string", "integer"), "pattern", "^[0-9]+ ?[kKMGT]?(i?B)?$"),
                t -> {
                    var m = pattern.matcher(t.strip());
                    if (!m.matches()) {
                        return Optional.empty();
                    }
                    int power = m.group(2).isEmpty() ? 0 : 1 + "KMGT".indexOf(m.group(2).toUpperCase(Locale.ROOT));
                    double value = Long.parseLong(m.group(1)) * Math.pow(1024, power);
                    return value >= least && value <= most ? Optional.of((long) value) : Optional.empty();
                });
    }

    static String bytesText(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        int u = 0;
        long v = bytes;
        while (v >= 1024 && v % 1024 == 0 && u < units.length - 1) {
            v /= 1024;
            u++;
        }
        return v + units[u];
    }

    /** One of some words; {@code words} maps what is written to what it means, in the order to list them. */
    public static <T> ValueType<T> oneOf(SequencedMap<String, T> words) {
        String describe = "one of " + String.join(", ", words.keySet());
        return new ScalarType<>(
                describe, Map.of("enum", List.copyOf(words.keySet())), (s, reading) -> {
                    T value = words.get(s.text());
                    if (value == null) {
                        Suggestions.didYouMean(s.text(), words.keySet())
                                .ifPresentOrElse(
                                        hint -> reading.problems().error(s, "expected " + describe + ", found " + s.shown(), hint),
                                        () -> reading.problems().error(s, "expected " + describe + ", found " + s.shown()));
                    }
                    return Optional.ofNullable(value);
                });
    }

    /** An enum's constants, written in lower case. */
    public static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
        var words = new LinkedHashMap<String, E>();
        for (E constant : type.getEnumConstants()) {
            words.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        return oneOf(words);
    }

    /** A time zone by its name in the tz database, or an offset. */
    public static ValueType<ZoneId> timeZone() {
        return scalar(
                "a time zone (as Europe/Berlin, Asia/Shanghai, UTC)",
                Map.of("type", "string"),
                t -> {
                    try {
                        return Optional.of(ZoneId.of(t));
                    } catch (DateTimeException _) {
                        return Optional.empty();
                    }
                });
    }

    /** An absolute URI with one of the schemes and a host. */
    public static ValueType<URI> uri(String... schemes) {
        String describe = "a URL starting with " + String.join(" or ", List.of(schemes).stream().map(s -> s + "://").toList());
        return scalar(describe, Map.of("type", "string", "format", "uri"), t -> {
            try {
                URI uri = new URI(t);
                boolean fits = uri.getScheme() != null
                        && List.of(schemes).contains(uri.getScheme().toLowerCase(Locale.ROOT))
                        && uri.getHost() != null
                        && uri.getPort() <= 65_535;
                return fits ? Optional.of(uri) : Optional.empty();
            } catch (URISyntaxException _) {
                return Optional.empty();
            }
        });
    }

    /** {@code host:port}; IPv6 addresses in brackets. With a {@code defaultPort} above 0 the port may be left out. */
    public static ValueType<HostPort> hostPort(int defaultPort) {
        String describe = defaultPort > 0 ? "host or host:port (port " + defaultPort + " when left out)" : "host:port";
        return scalar(describe, Map.of("type", "string"), t -> HostPort.parse(t, defaultPort));
    }

    /**
     * A path of a file that can be read now; relative ones start at the configuration's folder. The file counts as a part of the
     * configuration: when it changes, what was made of it is made anew.
     */
    public static ValueType<Path> readableFile() {
        return new ScalarType<>("a path of a readable file", Map.of("type", "string"), (s, reading) -> {
            Path path;
            try {
                path = reading.baseDirectory().resolve(s.text());
            } catch (java.nio.file.InvalidPathException _) {
                reading.problems().error(s, "not a path: " + s.shown());
                return Optional.empty();
            }
            reading.sources().note(path);
            if (!Files.isRegularFile(path)) {
                reading.problems().error(s, "no such file: " + path);
            } else if (!Files.isReadable(path)) {
                reading.problems().error(s, "no permission to read " + path);
            } else if (path.toFile().length() > Sources.LARGEST) {
                reading.problems().error(s, "larger than " + bytesText(Sources.LARGEST) + ": " + path);
            } else {
                return Optional.of(path);
            }
            return Optional.empty();
        });
    }

    /** The longest regular expression that is taken, in characters: compiling one costs the square of its length. */
    public static final int LONGEST_REGEX = 8_000;

    /** A regular expression in RE2's syntax (linear time), unanchored. */
    public static ValueType<Pattern> regex() {
        return new ScalarType<>("a regular expression (RE2 syntax)", Map.of("type", "string"), (s, reading) -> {
            if (s.text().length() > LONGEST_REGEX) {
                reading.problems().error(s, "a regular expression of more than " + LONGEST_REGEX + " characters");
                return Optional.empty();
            }
            try {
                return Optional.of(Pattern.compile(s.text()));
            } catch (PatternSyntaxException e) {
                reading.problems().error(s, "not a regular expression (RE2 syntax): " + e.getDescription());
                return Optional.empty();
            }
        });
    }

    /** A list of at least {@code least} values. */
    public static <T> ValueType<List<T>> list(ValueType<T> item, int least) {
        return new ValueType<>() {
            @Override
            public Optional<List<T>> read(Node node, Reading reading) {
                if (!(node instanceof Node.Items items)) {
                    reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                    return Optional.empty();
                }
                if (items.items().size() < least) {
                    reading.problems().error(node, "expected at least " + least + (least == 1 ? " item" : " items"));
                    return Optional.empty();
                }
                int before = reading.problems().errors();
                var values = new ArrayList<T>();
                items.items().forEach(i -> item.read(i, reading).ifPresent(values::add));
                return reading.problems().errors() > before ? Optional.empty() : Optional.of(List.copyOf(values));
            }

            @Override
            public String describe() {
                return "list of: " + item.describe();
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return least > 0
                        ? Map.of("type", "array", "items", item.jsonSchema(), "minItems", least)
                        : Map.of("type", "array", "items", item.jsonSchema());
            }
        };
    }

    /** A list, or a single value that stands for a list of one. */
    public static <T> ValueType<List<T>> oneOrMore(ValueType<T> item) {
        ValueType<List<T>> list = list(item, 1);
        return new ValueType<>() {
            @Override
            public Optional<List<T>> read(Node node, Reading reading) {
                return node instanceof Node.Items ? list.read(node, reading) : item.read(node, reading).map(List::of);
            }

            @Override
            public String describe() {
                return item.describe() + ", or a list of them";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("anyOf", List.of(item.jsonSchema(), list.jsonSchema()));
            }
        };
    }

    /** A mapping with free keys, in the order of the file; {@code keyType} checks each key's text. */
    public static <V> ValueType<SequencedMap<String, V>> map(ValueType<String> keyType, ValueType<V> valueType) {
        return new ValueType<>() {
            @Override
            public Optional<SequencedMap<String, V>> read(Node node, Reading reading) {
                if (!(node instanceof Node.Fields fields)) {
                    reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                    return Optional.empty();
                }
                int before = reading.problems().errors();
                var values = new LinkedHashMap<String, V>();
                fields.fields().forEach((key, value) -> {
                    var asNode = new Node.Scalar(fields.keyPlace(key), value.path(), key, Tag.TEXT, false);
                    Optional<String> k = keyType.read(asNode, reading);
                    Optional<V> v = valueType.read(value, reading);
                    if (k.isPresent() && v.isPresent()) {
                        values.put(k.get(), v.get());
                    }
                });
                return reading.problems().errors() > before
                        ? Optional.empty()
                        : Optional.of(Collections.unmodifiableSequencedMap(values));
            }

            @Override
            public String describe() {
                return "mapping of " + keyType.describe() + " to " + valueType.describe();
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("type", "object", "additionalProperties", valueType.jsonSchema());
            }
        };
    }

    /** A set of values written as a list, or one value alone; naming one twice is a problem. */
    public static <T> ValueType<SequencedSet<T>> set(ValueType<T> item) {
        ValueType<List<T>> list = oneOrMore(item);
        return new ValueType<>() {
            @Override
            public Optional<SequencedSet<T>> read(Node node, Reading reading) {
                return list.read(node, reading).flatMap(values -> {
                    SequencedSet<T> set = new LinkedHashSet<>(values);
                    if (set.size() < values.size()) {
                        reading.problems().error(node, "a value stands twice");
                        return Optional.empty();
                    }
                    return Optional.of(set);
                });
            }

            @Override
            public String describe() {
                return list.describe();
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return list.jsonSchema();
            }
        };
    }
}
