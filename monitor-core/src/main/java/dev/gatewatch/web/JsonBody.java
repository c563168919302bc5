package dev.gatewatch.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON object of a request: known fields only. What is wrong becomes a {@link Refusal} in a person's words. */
final class JsonBody {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JsonNode fields;

    /** Reads a body; an empty one has no fields. */
    JsonBody(byte[] body, String... known) {
        try {
            fields = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            throw new Refusal(400, "the body is not JSON: " + e.getOriginalMessage());
        }
        if (!fields.isObject()) {
            throw new Refusal(400, "the body should be a JSON object with " + String.join(", ", known));
        }
        for (String name : fields.propertyNames()) {
            if (!Arrays.asList(known).contains(name)) {
                throw new Refusal(400, "unknown field \"" + name + "\"; known here: " + String.join(", ", known));
            }
        }
    }

    /** A text; empty where the field is left out. */
    String text(String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            throw new Refusal(400, name + " should be a text");
        }
        return value.asString();
    }

    List<String> texts(String name) {
        JsonNode value = fields.path(name);
        var texts = new ArrayList<String>();
        if (!value.isMissingNode() && !value.isNull()) {
            if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
                throw new Refusal(400, name + " should be a list of texts");
            }
            value.forEach(text -> texts.add(text.asString()));
        }
        return texts;
    }

    /** Texts by name, in the order in which they are written; none where the field is left out. */
    SequencedMap<String, String> textMap(String name) {
        JsonNode value = fields.path(name);
        var texts = new LinkedHashMap<String, String>();
        if (!value.isMissingNode() && !value.isNull()) {
            if (!value.isObject() || !value.valueStream().allMatch(JsonNode::isString)) {
                throw new Refusal(400, name + " should be an object of texts, as {\"team\": \"payments\"}");
            }
            value.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString()));
        }
        return texts;
    }

    Optional<Instant> time(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException _) {
            throw new Refusal(400, name + " should be a time as 2026-03-01T12:00:00Z; found \"" + text + "\"");
        }
    }
}
