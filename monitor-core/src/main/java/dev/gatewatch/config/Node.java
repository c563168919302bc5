package dev.gatewatch.config;

import java.util.Collections;
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

    /**
     * Keys with values, in the order of the file.
     *
     * @param keys where the keys themselves stand, for those whose place is known
     */
    record Fields(Place place, String path, SequencedMap<String, Node> fields, Map<String, Place> keys)
            implements Node {
        public Fields {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
            keys = Map.copyOf(keys);
        }

        /** A mapping whose keys' own places are not known. */
        public Fields(Place place, String path, SequencedMap<String, Node> fields) {
            this(place, path, fields, Map.of());
        }

        /** Where a key stands; its value's place where that is not known, the mapping's where there is no such key. */
        public Place keyPlace(String key) {
            Place known = keys.get(key);
            Node value = fields.get(key);
            return known != null ? known : value != null ? value.place() : place;
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        /** This mapping without some keys and with other fields laid over it. Places stay as they are. */
        public Fields with(Map<String, Node> over, List<String> without) {
            var merged = new LinkedHashMap<>(fields);
            without.forEach(merged::remove);
            merged.putAll(over);
            var places = new LinkedHashMap<>(keys);
            places.keySet().removeAll(without);
            places.keySet().removeAll(over.keySet());
            return new Fields(place, path, merged, places);
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
