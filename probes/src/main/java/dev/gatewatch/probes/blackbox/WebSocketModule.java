package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.probes.blackbox.Module.Translation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** The {@code websocket} block of a module. */
final class WebSocketModule {
    private static final Key<SequencedMap<String, Object>> HTTP_CONFIG = Key.withDefault(
            "http_config",
            SectionType.of("http_config", HttpClientConfig.KEYS, WebSocketModule::client),
            new LinkedHashMap<>(),
            "none",
            "The upgrade request's client.");

    static final SectionType<Translation> TYPE = SectionType.of(
            "websocket",
            List.of(
                    HTTP_CONFIG,
                    Headers.named("headers"),
                    QueryResponse.MESSAGES,
                    Addresses.PREFERRED,
                    Addresses.FALLBACK),
            WebSocketModule::read);

    /** What blackbox_exporter really uses of its HTTP client's keys. */
    private static final Set<String> USED = Set.of("auth", "headers", "tls");

    private WebSocketModule() {}

    private static SequencedMap<String, Object> client(Section section) {
        var keys = new LinkedHashMap<String, Object>();
        HttpClientConfig.read(section, keys);
        keys.keySet().retainAll(USED);
        return keys;
    }

    private static Translation read(Section section) {
        var keys = new LinkedHashMap<String, Object>(section.get(HTTP_CONFIG));
        section.find(Headers.named("headers")).ifPresent(headers -> Headers.add(headers, keys));
        var steps = section.get(QueryResponse.MESSAGES).stream().flatMap(List::stream).toList();
        if (!steps.isEmpty()) {
            keys.put("steps", steps);
        }
        keys.put("ip_family", Addresses.family(section));
        return new Translation("websocket", keys, (target, _, aimed) -> {
            aimed.putFirst("url", target);
            if (target.startsWith("ws:")) {
                aimed.remove("tls");
            }
        });
    }
}
