package dev.gatewatch.probes.expect;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.Jackson3JsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.Jackson3MappingProvider;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.ValueType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** A compiled JSONPath. Immutable, safe for many threads. */
public final class JsonQuery {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Configuration CONFIGURATION = Configuration.builder()
            .jsonProvider(new Jackson3JsonNodeJsonProvider(MAPPER))
            .mappingProvider(new Jackson3MappingProvider(MAPPER))
            .build();

    /** Unknown ones would be found out only when they are used. */
    private static final Set<String> FUNCTIONS = Set.of(
            "min", "max", "avg", "stddev", "length", "size", "sum", "keys", "concat", "append", "first", "last", "index");

    private static final Pattern FUNCTION = Pattern.compile("\\.([A-Za-z_]+)\\(");

    private final JsonPath path;

    private JsonQuery(JsonPath path) {
        this.path = path;
    }

    /** The text of a path, its syntax checked. */
    public static ValueType<String> type() {
        return new ValueType<>() {
            @Override
            public Optional<String> read(Node node, Reading reading) {
                if (!(node instanceof Node.Scalar s)) {
                    reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                    return Optional.empty();
                }
                Optional<String> wrong = complaint(s.text());
                wrong.ifPresent(w -> reading.problems().error(s, "not a JSONPath: " + s.shown() + ": " + w));
                return wrong.isEmpty() ? Optional.of(s.text()) : Optional.empty();
            }

            @Override
            public String describe() {
                return "a JSONPath ($.status)";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("type", "string", "pattern", "^\\$");
            }
        };
    }

    /** What is wrong with a path, if anything is. */
    private static Optional<String> complaint(String text) {
        if (!text.startsWith("$")) {
            return Optional.of("it starts with $, as $.status");
        }
        if (text.contains("=~")) {
            // the library matches with java.util.regex, which a hostile document can hold up for ever
            return Optional.of("regular expressions in filters are not supported; use body: {matches: …}");
        }
        Matcher function = FUNCTION.matcher(text);
        while (function.find()) {
            if (!FUNCTIONS.contains(function.group(1))) {
                return Optional.of("there is no function " + function.group(1) + "()");
            }
        }
        if (!isBalanced(text)) {
            return Optional.of("a bracket or quote is not closed, or closed too often");
        }
        try {
            JsonPath.compile(text);
            return Optional.empty();
        } catch (InvalidPathException | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The library passes over some brackets that do not match. */
    private static boolean isBalanced(String text) {
        var open = new ArrayDeque<Character>();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '[' || c == '(') {
                open.push(c == '[' ? ']' : ')');
            } else if ((c == ']' || c == ')') && (open.isEmpty() || open.pop() != c)) {
                return false;
            }
        }
        return quote == 0 && open.isEmpty();
    }

    /** A path whose text {@link #type} has accepted. */
    public static JsonQuery of(String text) {
        return new JsonQuery(JsonPath.compile(text));
    }

    /** Whether the path names one place; one with wildcards, filters or {@code ..} may find any number of values. */
    public boolean isDefinite() {
        return path.isDefinite();
    }

    /** What the path finds: nothing, one value, or the values of an indefinite path. */
    public List<JsonNode> find(JsonNode document) {
        Object found;
        try {
            found = path.read(document, CONFIGURATION);
        } catch (PathNotFoundException _) {
            return List.of();
        } catch (JsonPathException _) {
            return List.of(); // a function or filter that does not apply to what is there
        }
        JsonNode tree = tree(found);
        if (path.isDefinite()) {
            return List.of(tree);
        }
        var all = new ArrayList<JsonNode>();
        tree.forEach(all::add);
        return all;
    }

    @Override
    public String toString() {
        return path.getPath();
    }

    private static JsonNode tree(Object found) {
        return switch (found) {
            case JsonNode node -> node;
            case null -> JsonNodeFactory.instance.nullNode();
            // functions such as length() answer plain values
            default -> MAPPER.valueToTree(found);
        };
    }
}
