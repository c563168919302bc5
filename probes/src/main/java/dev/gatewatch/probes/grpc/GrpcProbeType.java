package dev.gatewatch.probes.grpc;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.tls.TlsChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code type: grpc}: a server that must report itself or a service as serving. */
public final class GrpcProbeType implements ProbeType {
    private static final String PLAIN = "grpc://";
    private static final String SECURE = "grpcs://";

    private static final Key<HostPort> TARGET =
            Key.required("target", Types.hostPort(0), "Host and port of the gRPC server.");
    private static final Key<String> SERVICE = Key.withDefault(
            "service",
            Types.text("a gRPC service name", "[A-Za-z0-9_./-]{0,500}"),
            "",
            "the server as a whole",
            "Service whose health to ask for, as the server registers it: pay.v1.Payments.");
    private static final Key<TlsChoice> TLS = Key.withDefault(
            "tls",
            TlsChoice.TYPE,
            TlsChoice.NONE,
            "false",
            "Speak TLS: true, or a mapping of TLS settings (trust, client certificate, server name).");
    private static final Key<CallMetadata> METADATA = Key.withDefault(
            "metadata",
            CallMetadata.TYPE,
            CallMetadata.NONE,
            "{}",
            "Metadata to send, a value or a list of values for each name. Values are never shown; those of names that end in -bin are"
                    + " bytes, written in base64.");
    private static final Key<String> AUTHORITY = Key.optional(
            "authority",
            Types.text("a host with or without a port", "[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+\\](:[0-9]{1,5})?"),
            "The :authority to send instead of the target's, which proxies route by. The name in the certificate is set by"
                    + " tls.server_name.");
    private static final Key<Expectation> EXPECT = Key.withDefault(
            "expect", Expectation.TYPE, Expectation.DEFAULT, "status: serving", "What the health must be.");

    @Override
    public String name() {
        return "grpc";
    }

    @Override
    public String description() {
        return "Asks a gRPC server for its health or a service's (grpc.health.v1).";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(TARGET, SERVICE, TLS, METADATA, AUTHORITY, IpFamily.KEY, EXPECT);
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        return GrpcFacts.SPECS;
    }

    @Override
    public List<String> phases() {
        return List.of("resolve", "connect", "tls", GrpcFacts.CHECK_PHASE);
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_grpc_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        HostPort target = section.get(TARGET);
        var call = new HealthCall(
                section.find(AUTHORITY).orElseGet(target::toString), section.get(SERVICE), section.get(METADATA));
        return new GrpcProbe(
                Connector.of(section, section.get(IpFamily.KEY)),
                target,
                section.get(TLS).settings(),
                call,
                section.get(EXPECT));
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        if (target.startsWith(PLAIN)) {
            return Optional.of(Map.of(TARGET.name(), target.substring(PLAIN.length())));
        }
        return target.startsWith(SECURE)
                ? Optional.of(Map.of(TARGET.name(), target.substring(SECURE.length()), TLS.name(), "true"))
                : Optional.empty();
    }
}
