package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.blackbox.Module.Translation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** The {@code grpc} block of a module. */
final class GrpcModule {
    private static final Key<String> SERVICE = Key.withDefault("service", Types.text(), "", "", "Service to ask for.");
    private static final Key<Boolean> TLS = Key.withDefault("tls", GoTypes.bool(), false, "false", "Whether to speak TLS.");
    private static final Key<SequencedMap<String, List<Secret>>> METADATA = Key.withDefault(
            "metadata",
            Types.map(Types.text(), Types.list(Types.secret(), 1)),
            new LinkedHashMap<>(),
            "none",
            "What to send beside the request.");

    static final SectionType<Translation> TYPE = SectionType.of(
            "grpc",
            List.of(SERVICE, TLS, HttpClientConfig.TLS_CONFIG, METADATA, Addresses.PREFERRED, Addresses.FALLBACK),
            GrpcModule::read);

    private GrpcModule() {}

    private static Translation read(Section section) {
        var keys = new LinkedHashMap<String, Object>();
        if (!section.get(SERVICE).isEmpty()) {
            keys.put("service", section.get(SERVICE));
        }
        if (section.get(TLS)) {
            Object settings = section.find(HttpClientConfig.TLS_CONFIG)
                    .<Object>map(tls -> tls)
                    .orElseGet(LinkedHashMap::new);
            keys.put("tls", settings);
        }
        if (!section.get(METADATA).isEmpty()) {
            var metadata = new LinkedHashMap<String, Object>();
            // Go's gRPC sends names in lower case, whatever was written
            section.get(METADATA).forEach((name, values) -> metadata.put(name.toLowerCase(Locale.ROOT), values));
            keys.put("metadata", metadata);
        }
        keys.put("ip_family", Addresses.family(section));
        return new Translation("grpc", keys, (target, _, aimed) -> aimed.putFirst("target", target));
    }
}
