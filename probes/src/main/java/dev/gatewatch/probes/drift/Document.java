package dev.gatewatch.probes.drift;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * A document as paths with values: {@code a.b[0].c} to text. Numbers and booleans are their text, so that a document of one format
 * compares with one of another. Immutable.
 */
record Document(SortedMap<String, String> values) {
    /** More settings than this are no configuration of one service. */
    static final int MOST = 5_000;

    private static final int LONGEST_PATH = 500;

    Document {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** What cannot be taken as a document; the message is for people. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean tooLarge;

        Unreadable(String message) {
            this(message, false);
        }

        Unreadable(String message, boolean tooLarge) {
            super(message, null, false, false);
            this.tooLarge = tooLarge;
        }

        boolean isTooLarge() {
            return tooLarge;
        }

        String words() {
            return String.valueOf(getMessage());
        }
    }

    /** Gathers values, bounded in number. Confined to one reading. */
    static final class Builder {
        private final TreeMap<String, String> values = new TreeMap<>();

        /** Adds a value, in the place of one before at that path. */
        Builder put(String path, String value) throws Unreadable {
            if (path.length() > LONGEST_PATH) {
                throw new Unreadable("a path in it is longer than " + LONGEST_PATH + " characters", true);
            }
            values.put(path, value);
            if (values.size() > MOST) {
                throw new Unreadable("it has more than " + MOST + " values", true);
            }
            return this;
        }

        /** Adds all leaves of a tree; empty mappings and lists count as leaves. */
        Builder tree(String path, JsonNode node) throws Unreadable {
            if (node.isObject() && !node.isEmpty()) {
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    tree(path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue());
                }
            } else if (node.isArray() && !node.isEmpty()) {
                for (int i = 0; i < node.size(); i++) {
                    tree(path + "[" + i + "]", node.get(i));
                }
            } else if (!path.isEmpty()) {
                put(path, node.isString() ? node.stringValue() : node.toString());
            }
            return this;
        }

        Document build() {
            return new Document(values);
        }
    }

    /** The part of it whose paths fit. */
    Document only(Predicate<String> path) {
        var left = new TreeMap<String, String>();
        values.forEach((p, v) -> {
            if (path.test(p)) {
                left.put(p, v);
            }
        });
        return new Document(left);
    }
}
