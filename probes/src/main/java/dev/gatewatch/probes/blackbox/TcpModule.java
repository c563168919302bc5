package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.probes.blackbox.Module.BadTarget;
import dev.gatewatch.probes.blackbox.Module.Translation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The {@code tcp} and {@code unix} blocks of a module. */
final class TcpModule {
    private static final String UNIX_TARGET = "unix:";

    private static final Key<Boolean> TLS = Key.withDefault("tls", GoTypes.bool(), false, "false", "TLS from the start.");

    static final SectionType<Translation> TCP = SectionType.of(
            "tcp",
            List.of(
                    TLS,
                    HttpClientConfig.TLS_CONFIG,
                    QueryResponse.KEY,
                    Addresses.PREFERRED,
                    Addresses.FALLBACK,
                    Addresses.SOURCE),
            TcpModule::tcp);

    static final SectionType<Translation> UNIX = SectionType.of(
            "unix", List.of(TLS, HttpClientConfig.TLS_CONFIG, QueryResponse.KEY), TcpModule::unix);

    private TcpModule() {}

    private static Translation tcp(Section section) {
        var keys = conversation(section);
        keys.put("ip_family", Addresses.family(section));
        Addresses.source(section, keys);
        return new Translation("tcp", keys, TcpModule::aim);
    }

    private static Translation unix(Section section) {
        return new Translation(
                "tcp", conversation(section), (target, _, keys) -> keys.putFirst("target", UNIX_TARGET + target));
    }

    private static SequencedMap<String, Object> conversation(Section section) {
        var keys = new LinkedHashMap<String, Object>();
        List<SequencedMap<String, Object>> steps =
                section.get(QueryResponse.KEY).stream().filter(step -> !step.isEmpty()).toList();
        boolean later = steps.stream().anyMatch(step -> step.containsKey("starttls"));
        if (section.get(TLS) || later) {
            Object settings = section.find(HttpClientConfig.TLS_CONFIG)
                    .<Object>map(tls -> tls)
                    .orElseGet(LinkedHashMap::new);
            keys.put("tls", settings);
        }
        if (!steps.isEmpty()) {
            keys.put("dialogue", steps);
        }
        return keys;
    }

    /** A socket of this machine is no target for whoever may send a request, unless the module is for such. */
    private static void aim(String target, Optional<String> hostname, SequencedMap<String, Object> keys)
            throws BadTarget {
        if (target.startsWith(UNIX_TARGET)) {
            throw BadTarget.unreachable("\"" + target + "\" is no host and port");
        }
        keys.putFirst("target", target);
        if (hostname.isPresent() && keys.get("tls") instanceof Map<?, ?> configured) {
            var tls = new LinkedHashMap<String, Object>();
            configured.forEach((key, value) -> tls.put(key.toString(), value));
            tls.putIfAbsent("server_name", hostname.get());
            keys.put("tls", tls);
        }
    }
}
