package dev.gatewatch.probes.drift;

import dev.gatewatch.probes.drift.Document.Unreadable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Spring Boot's {@code /actuator/env}: property sources in order of precedence, of which the first that has a property gives its value.
 * Of the system's properties and environment only those count that override a setting of the application; the rest differs from host to
 * host. Pure function.
 */
final class ActuatorEnv {
    /** What Spring shows in the place of values that it was not told to show. */
    static final String HIDDEN = "******";

    private static final Set<String> OF_SYSTEM = Set.of("systemProperties", "systemEnvironment");

    private ActuatorEnv() {}

    static boolean isOne(JsonNode document) {
        return document.path("propertySources").isArray();
    }

    static Document flatten(JsonNode document) throws Unreadable {
        JsonNode sources = document.path("propertySources");
        if (!sources.isArray()) {
            throw new Unreadable("it has no propertySources, as /actuator/env has them");
        }
        var known = new HashMap<String, String>();
        for (JsonNode source : sources) {
            if (!isOfSystem(source)) {
                source.path("properties").properties().forEach(p -> known.put(canonical(p.getKey()), p.getKey()));
            }
        }
        var values = new Document.Builder();
        var set = new HashSet<String>();
        for (JsonNode source : sources) {
            for (Map.Entry<String, JsonNode> property : source.path("properties").properties()) {
                String name = isOfSystem(source) ? known.get(canonical(property.getKey())) : property.getKey();
                if (name != null && set.add(name)) {
                    JsonNode value = property.getValue().path("value");
                    values.put(name, value.isString() ? value.stringValue() : value.toString());
                }
            }
        }
        return values.build();
    }

    private static boolean isOfSystem(JsonNode source) {
        return OF_SYSTEM.contains(source.path("name").asString(""));
    }

    /** As Spring binds environment variables: dots and brackets are underscores, dashes are nothing, case is no matter. */
    private static String canonical(String name) {
        return name.replaceAll("[.\\[\\]_]+", "_")
                .replace("-", "")
                .replaceAll("_$", "")
                .toUpperCase(Locale.ROOT);
    }
}
