package dev.gatewatch.probes.expect;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a value in a JSON document must be. Immutable. */
sealed interface JsonCondition {
    /** The value itself. */
    record Equal(JsonValue expected) implements JsonCondition {}

    /** Several comparisons that must all hold. */
    record All(List<Comparison> comparisons) implements JsonCondition {}

    /** Whether there has to be a value at all. */
    record Exists(boolean wanted) implements JsonCondition {}

    /** One comparison with a value. */
    sealed interface Comparison {
        record Order(Relation relation, BigDecimal bound) implements Comparison {}

        record Same(boolean wanted, JsonValue other) implements Comparison {}

        record OneOf(JsonValue list) implements Comparison {}

        record Matches(boolean wanted, Pattern pattern) implements Comparison {}
    }

    /** How numbers are compared. */
    enum Relation {
        GT("above"),
        GTE("at least"),
        LT("below"),
        LTE("at most");

        private final String words;

        Relation(String words) {
            this.words = words;
        }

        boolean holds(int comparison) {
            return switch (this) {
                case GT -> comparison > 0;
                case GTE -> comparison >= 0;
                case LT -> comparison < 0;
                case LTE -> comparison <= 0;
            };
        }
    }

    /** Words that, alone in a mapping, make it a comparison. */
    List<String> OPERATORS =
            List.of("eq", "ne", "gt", "gte", "lt", "lte", "in", "matches", "not_matches", "exists");

    /** Any value; or a mapping of the words above, which is a comparison. */
    static ValueType<JsonCondition> type() {
        return new ValueType<>() {
            @Override
            public Optional<JsonCondition> read(Node node, Reading reading) {
                boolean comparison = node instanceof Node.Fields fields
                        && !fields.fields().isEmpty()
                        && OPERATORS.containsAll(fields.fields().keySet());
                return comparison
                        ? comparisons((Node.Fields) node, reading)
                        : JsonValue.type().read(node, reading).map(Equal::new);
            }

            @Override
            public String describe() {
                return "a value, or a mapping of " + String.join(", ", OPERATORS);
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of();
            }
        };
    }

    /** Whether a value fits. */
    default boolean holds(JsonNode value, Deadline deadline) {
        return switch (this) {
            case Equal e -> Json.same(e.expected().tree(), value);
            case Exists e -> e.wanted();
            case All all -> all.comparisons().stream().allMatch(c -> holds(c, value, deadline));
        };
    }

    /** For messages, to complete "expected …". */
    default String shown() {
        return switch (this) {
            case Equal e -> e.expected().shown();
            case Exists e -> e.wanted() ? "a value" : "nothing";
            case All all -> all.comparisons().stream().map(JsonCondition::shown).collect(Collectors.joining(", "));
        };
    }

    /** Values that a reference went into. */
    default List<JsonValue> values() {
        return switch (this) {
            case Equal e -> List.of(e.expected());
            case Exists _ -> List.of();
            case All all -> {
                var values = new ArrayList<JsonValue>();
                for (Comparison c : all.comparisons()) {
                    switch (c) {
                        case Comparison.Same s -> values.add(s.other());
                        case Comparison.OneOf o -> values.add(o.list());
                        case Comparison.Order _, Comparison.Matches _ -> {}
                    }
                }
                yield List.copyOf(values);
            }
        };
    }

    private static boolean holds(Comparison comparison, JsonNode value, Deadline deadline) {
        return switch (comparison) {
            case Comparison.Order o -> number(value)
                    .filter(n -> o.relation().holds(n.compareTo(o.bound())))
                    .isPresent();
            case Comparison.Same s -> Json.same(s.other().tree(), value) == s.wanted();
            case Comparison.OneOf o -> {
                boolean found = false;
                for (JsonNode one : o.list().tree()) {
                    found |= Json.same(one, value);
                }
                yield found;
            }
            case Comparison.Matches m ->
                m.pattern().matcher(new BoundedText(text(value), deadline)).find() == m.wanted();
        };
    }

    private static String shown(Comparison comparison) {
        return switch (comparison) {
            case Comparison.Order o -> o.relation().words + " " + o.bound().toPlainString();
            case Comparison.Same s -> (s.wanted() ? "" : "anything but ") + s.other().shown();
            case Comparison.OneOf o -> "one of " + o.list().shown();
            case Comparison.Matches m -> (m.wanted() ? "matching /" : "not matching /") + m.pattern() + "/";
        };
    }

    /** Amounts often stand in JSON as text, so that nobody rounds them. */
    private static Optional<BigDecimal> number(JsonNode value) {
        if (value.isNumber()) {
            return Optional.of(value.decimalValue());
        }
        if (value.isString() && value.stringValue().matches("-?\\d{1,30}(\\.\\d{1,30})?")) {
            return Optional.of(new BigDecimal(value.stringValue()));
        }
        return Optional.empty();
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }

    private static Optional<JsonCondition> comparisons(Node.Fields fields, Reading reading) {
        int before = reading.problems().errors();
        var all = new ArrayList<Comparison>();
        Optional<JsonCondition> exists = Optional.empty();
        for (Map.Entry<String, Node> field : fields.fields().entrySet()) {
            Node value = field.getValue();
            switch (field.getKey()) {
                case "eq", "ne" -> JsonValue.type()
                        .read(value, reading)
                        .ifPresent(v -> all.add(new Comparison.Same(field.getKey().equals("eq"), v)));
                case "in" -> {
                    if (value instanceof Node.Items) {
                        JsonValue.type().read(value, reading).ifPresent(v -> all.add(new Comparison.OneOf(v)));
                    } else {
                        reading.problems().error(value, "expected a list of values, found " + value.kind());
                    }
                }
                case "matches", "not_matches" -> Types.oneOrMore(Types.regex())
                        .read(value, reading)
                        .ifPresent(patterns -> patterns.forEach(
                                p -> all.add(new Comparison.Matches(field.getKey().equals("matches"), p))));
                case "exists" -> exists = Types.bool().read(value, reading).map(Exists::new);
                default -> BOUND.read(value, reading)
                        .ifPresent(bound -> all.add(new Comparison.Order(
                                Relation.valueOf(field.getKey().toUpperCase(java.util.Locale.ROOT)), bound)));
            }
        }
        if (fields.fields().containsKey("exists") && fields.fields().size() > 1) {
            reading.problems().error(fields, "exists stands alone; the other comparisons need a value anyway");
        }
        if (reading.problems().errors() > before) {
            return Optional.empty();
        }
        return exists.or(() -> Optional.of(new All(List.copyOf(all))));
    }

    /** A number to compare with. */
    ValueType<BigDecimal> BOUND = Types.scalar("a number", Map.of("type", "number"), text -> {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    });
}
