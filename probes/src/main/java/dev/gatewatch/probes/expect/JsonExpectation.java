package dev.gatewatch.probes.expect;

import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.httpclient.Json;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/**
 * What a place in a JSON document must hold. Immutable.
 *
 * @param path as the user wrote it
 * @param expected an indefinite path must find at least one value, and each must fit; or, where this is a list, all of them together
 */
record JsonExpectation(String path, JsonQuery query, JsonCondition expected) {
    static ValueType<SequencedMap<String, JsonCondition>> type() {
        return Types.map(JsonQuery.type(), JsonCondition.type());
    }

    static List<JsonExpectation> of(SequencedMap<String, JsonCondition> written) {
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

    Optional<Mismatch> check(JsonNode document, Deadline deadline) {
        List<JsonNode> found = query.find(document);
        if (expected instanceof JsonCondition.Exists(boolean wanted) && !wanted) {
            return found.stream().findFirst().map(this::mismatch);
        }
        if (found.isEmpty()) {
            return Optional.of(new Mismatch(path + " is missing, expected " + expected.shown(), Optional.empty()));
        }
        if (!query.isDefinite()
                && expected instanceof JsonCondition.Equal(var list)
                && list.tree().isArray()) {
            return sameList(list.tree(), found) ? Optional.empty() : Optional.of(mismatch(found.getFirst()));
        }
        return found.stream()
                .filter(value -> !expected.holds(value, deadline))
                .findFirst()
                .map(this::mismatch);
    }

    private static boolean sameList(JsonNode list, List<JsonNode> found) {
        if (found.size() != list.size()) {
            return false;
        }
        for (int i = 0; i < found.size(); i++) {
            if (!Json.same(list.get(i), found.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Mismatch mismatch(JsonNode actual) {
        return new Mismatch(path + " is " + Json.shown(actual) + ", expected " + expected.shown(), Optional.of(actual));
    }
}
