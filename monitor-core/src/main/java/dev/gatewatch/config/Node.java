package dev.gatewatch.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A piece of a configuration file, with its place. Immutable. */
public sealed interface Node {
    Place place();

    /** Where in the tree, as {@code probes[2].expect.latency}; empty for the root. */
    String path();

    /** What a person calls this kind of node: "text", "a number", "a list" …. */
    String kind();

    /**
     * One value.
     *
     * @param text as written, with {@code ${…}} references already replaced
     * @param tag what YAML's core schema takes it for
     * @param secret whether a reference was replaced in it, so that it must not be shown
     */
    record Scalar(Place place, String path, String text, Tag tag, boolean secret) implements Node {
        @Override
        public String kind() {
            return switch (tag) {
                case NULL -> "nothing";
                case BOOLEAN -> "true or false";
                case INTEGER, DECIMAL -> "a number";
                case TEXT -> "text";
            };
        }

        /** The value for an error message: as written, shortened, never a secret. */
        public String shown() {
            return secret ? "<secret>" : text.length() > 60 ? "\"" + text.substring(0, 60) + "…\"" : "\"" + text + "\"";
        }
    }

    /** An ordered list. */
    record Items(Place place, String path, List<Node> items) implements Node {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys with values, in the order of the file. */
    record Fields(Place place, String path, SequencedMap<String, Node> fields) implements Node {
        public Fields {
            fields = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        /** This mapping with other fields laid over it; {@code null} values take a key away. Places stay as they are. */
        public Fields with(Map<String, Node> over, List<String> without) {
            var merged = new LinkedHashMap<>(fields);
            without.forEach(merged::remove);
            merged.putAll(over);
            return new Fields(place, path, merged);
        }
    }

    /** YAML 1.2's core schema types of a scalar. */
    enum Tag {
        NULL,
        BOOLEAN,
        INTEGER,
        DECIMAL,
        TEXT
    }
}
