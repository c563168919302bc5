package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Headers whose values may come from files, as Prometheus' common client has them. */
final class Headers {
    private static final Key<List<String>> VALUES =
            Key.withDefault("values", Types.list(Types.text(), 0), List.of(), "none", "Values.");
    private static final Key<List<Secret>> SECRETS =
            Key.withDefault("secrets", Types.list(Types.secret(), 0), List.of(), "none", "Secret values.");
    private static final Key<List<Path>> FILES =
            Key.withDefault("files", Types.list(Types.readableFile(), 0), List.of(), "none", "Files of values.");
    private static final SectionType<Secret> HEADER =
            SectionType.of("header", List.of(VALUES, SECRETS, FILES), Headers::header);
    private static final Key<SequencedMap<String, Secret>> HTTP_HEADERS = key("http_headers");
    private static final Key<SequencedMap<String, Secret>> HEADERS = key("headers");

    private Headers() {}

    /** The key of this name: {@code headers} or {@code http_headers}. */
    static Key<SequencedMap<String, Secret>> named(String name) {
        return name.equals(HEADERS.name()) ? HEADERS : HTTP_HEADERS;
    }

    private static Key<SequencedMap<String, Secret>> key(String name) {
        return Key.optional(name, Types.map(Types.text(), HEADER), "Request headers.");
    }

    private static Secret header(Section section) {
        var all = new ArrayList<Secret>();
        section.get(VALUES).forEach(value -> all.add(new Secret(value)));
        all.addAll(section.get(SECRETS));
        section.get(FILES).forEach(file -> all.add(HttpClientConfig.secret(section, FILES, file)));
        if (all.size() > 1) {
            section.reading().problems().error(section.node(), "a header with several values is not supported; write one value");
        }
        return all.isEmpty() ? new Secret("") : all.getFirst();
    }

    /** Puts headers into our key {@code headers}, beside those that are there. */
    static void add(Map<String, ?> more, SequencedMap<String, Object> keys) {
        var headers = new LinkedHashMap<String, Object>();
        if (keys.get("headers") instanceof Map<?, ?> earlier) {
            earlier.forEach((name, value) -> headers.put(name.toString(), value));
        }
        headers.putAll(more);
        if (!headers.isEmpty()) {
            keys.put("headers", headers);
        }
    }
}
