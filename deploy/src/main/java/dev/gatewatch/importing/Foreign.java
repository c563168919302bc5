package dev.gatewatch.importing;

import dev.gatewatch.config.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A mapping of another program's configuration, which remembers what was looked at. Confined to one thread. */
final class Foreign {
    private final Map<String, Node> fields;
    private final Set<String> left;

    private Foreign(Map<String, Node> fields) {
        this.fields = fields;
        this.left = new TreeSet<>(fields.keySet());
    }

    /** A mapping; empty where the node is none. */
    static Foreign of(Optional<Node> node) {
        return new Foreign(node.orElse(null) instanceof Node.Fields f ? f.fields() : new LinkedHashMap<>());
    }

    Optional<Node> node(String key) {
        left.remove(key);
        return Optional.ofNullable(fields.get(key));
    }

    Optional<String> text(String key) {
        return node(key)
                .filter(n -> n instanceof Node.Scalar s && s.tag() != Node.Tag.NULL)
                .map(n -> ((Node.Scalar) n).text())
                .filter(text -> !text.isEmpty());
    }

    /** A whole number; nothing where there is none, or something else. */
    Optional<Integer> count(String key) {
        return text(key).filter(text -> text.matches("-?\\d{1,9}")).map(Integer::valueOf);
    }

    boolean flag(String key) {
        return text(key).filter(text -> text.equals("true") || text.equals("1")).isPresent();
    }

    Foreign map(String key) {
        return of(node(key));
    }

    List<Node> list(String key) {
        return node(key).orElse(null) instanceof Node.Items items ? items.items() : List.of();
    }

    /** The texts of a list, or the one text that stands in its place. */
    List<String> texts(String key) {
        return node(key).map(n -> switch (n) {
            case Node.Items items -> items.items().stream()
                    .filter(Node.Scalar.class::isInstance)
                    .map(i -> ((Node.Scalar) i).text())
                    .toList();
            case Node.Scalar s -> List.of(s.text());
            case Node.Fields _ -> List.<String>of();
        }).orElse(List.of());
    }

    Map<String, Node> fields() {
        left.clear();
        return fields;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Keys that nobody has asked for. */
    Set<String> left() {
        return left;
    }

    /** A node as the plain value that is written. */
    static Object plain(Node node) {
        return switch (node) {
            case Node.Scalar s -> switch (s.tag()) {
                case BOOLEAN -> Boolean.valueOf(s.text());
                case INTEGER -> number(s.text());
                case NULL, DECIMAL, TEXT -> s.text();
            };
            case Node.Items items -> items.items().stream().map(Foreign::plain).toList();
            case Node.Fields f -> {
                var map = new LinkedHashMap<String, Object>();
                f.fields().forEach((key, value) -> map.put(key, plain(value)));
                yield map;
            }
        };
    }

    private static Object number(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException _) {
            return text;
        }
    }
}
