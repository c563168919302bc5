package dev.gatewatch.probes.drift;

import dev.gatewatch.probes.drift.Document.Unreadable;
import dev.gatewatch.probes.httpclient.Json;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import tools.jackson.databind.JsonNode;

/** What a document is written in. */
enum DocumentFormat {
    /** By its content, the type that the server names, and the end of its name. */
    AUTO,
    JSON,
    YAML,
    PROPERTIES,
    ACTUATOR_ENV;

    /**
     * Reads a document.
     *
     * @param hint its media type or name, in which {@code yaml}, {@code .yml} or {@code .properties} may stand
     */
    Document read(byte[] bytes, String hint) throws Unreadable {
        return switch (this) {
            case AUTO -> guessed(bytes, hint.toLowerCase(Locale.ROOT)).read(bytes, hint);
            case JSON -> {
                JsonNode tree = json(bytes);
                yield ActuatorEnv.isOne(tree) ? ActuatorEnv.flatten(tree) : container(tree);
            }
            case ACTUATOR_ENV -> ActuatorEnv.flatten(json(bytes));
            case YAML -> {
                var values = new Document.Builder();
                for (JsonNode document : YamlTree.of(text(bytes))) {
                    if (!document.isContainer() && !document.isNull()) {
                        throw new Unreadable("it is not YAML of keys and values");
                    }
                    values.tree("", document);
                }
                yield values.build();
            }
            case PROPERTIES -> properties(text(bytes));
        };
    }

    private static DocumentFormat guessed(byte[] bytes, String hint) throws Unreadable {
        String start = text(bytes).stripLeading();
        if (start.startsWith("{") || start.startsWith("[") || hint.contains("json")) {
            return JSON;
        }
        if (hint.contains("yaml") || hint.endsWith(".yml")) {
            return YAML;
        }
        if (hint.endsWith(".properties") || hint.contains("java-properties")) {
            return PROPERTIES;
        }
        throw new Unreadable("its format cannot be told; set format to json, yaml or properties");
    }

    private static Document container(JsonNode tree) throws Unreadable {
        if (!tree.isContainer()) {
            throw new Unreadable("it is not a JSON object or array");
        }
        return new Document.Builder().tree("", tree).build();
    }

    private static JsonNode json(byte[] bytes) throws Unreadable {
        try {
            return Json.parse(bytes);
        } catch (Json.Invalid e) {
            throw new Unreadable("it is not JSON: " + e.getMessage());
        }
    }

    private static Document properties(String text) throws Unreadable {
        var properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException _) {
            throw new Unreadable("it is not .properties text: an escape \\uXXXX is wrong");
        }
        var values = new Document.Builder();
        for (String name : properties.stringPropertyNames()) {
            values.put(name, properties.getProperty(name));
        }
        return values.build();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
