package dev.gatewatch.probes.expect;

import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.JsonValue;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/**
 * What a place in a JSON document must hold. Immutable.
 *
 * @param path as the user wrote it
 * @param expected an indefinite path must find at least one value, and each must be this one; or, where this is a list, all of them
 *     together
 */
record JsonExpectation(String path, JsonQuery query, JsonValue expected) {
    static ValueType<SequencedMap<String, JsonValue>> type() {
        return Types.map(JsonQuery.type(), JsonValue.type());
    }

    static List<JsonExpectation> of(SequencedMap<String, JsonValue> written) {
        return written.entrySet().stream()
                .map(e -> new JsonExpectation(e.getKey(), JsonQuery.of(e.getKey()), e.getValue()))
                .toList();
    }

    /**
     * A place that does not hold what it must.
     *
     * @param actual absent where the path finds nothing
     */
    record Mismatch(String message, Optional<JsonNode> actual) {}

    Optional<Mismatch> check(JsonNode document) {
        List<JsonNode> found = query.find(document);
        if (found.isEmpty()) {
            return Optional.of(new Mismatch(path + " is missing, expected " + expected.shown(), Optional.empty()));
        }
        if (!query.isDefinite() && expected.tree().isArray()) {
            return sameList(found) ? Optional.empty() : Optional.of(mismatch(found.getFirst()));
        }
        return found.stream()
                .filter(value -> !Json.same(expected.tree(), value))
                .findFirst()
                .map(this::mismatch);
    }

    private boolean sameList(List<JsonNode> found) {
        if (found.size() != expected.tree().size()) {
            return false;
        }
        for (int i = 0; i < found.size(); i++) {
            if (!Json.same(expected.tree().get(i), found.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Mismatch mismatch(JsonNode actual) {
        return new Mismatch(path + " is " + Json.shown(actual) + ", expected " + expected.shown(), Optional.of(actual));
    }
}
