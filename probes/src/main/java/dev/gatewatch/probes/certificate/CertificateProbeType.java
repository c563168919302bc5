package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.TlsSettings;
import dev.gatewatch.probes.tls.TlsVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code type: certificate}: the certificate that a TLS server presents, whatever is wrong with it. */
public final class CertificateProbeType implements ProbeType {
    private static final Key<HostPort> TARGET =
            Key.required("target", Types.hostPort(443), "Server to connect to; TLS is spoken from the first byte.");
    private static final Key<String> SERVER_NAME = TlsSettings.serverNameKey();
    private static final Key<Path> TRUST = Key.optional(
            "trust",
            Types.readableFile(),
            "PEM file of the certificates to trust, instead of the Java runtime's authorities.");
    private static final Key<Duration> DEGRADED_WITHIN = Key.withDefault(
            "degraded_within",
            Types.duration(Duration.ZERO, Duration.ofDays(3_650)),
            Duration.ofDays(14),
            "14d",
            "The run is degraded (cert_expiring) when the chain ends sooner than this.");
    private static final Key<TlsVersion> MIN_VERSION = TlsSettings.minVersionKey();

    @Override
    public String name() {
        return "certificate";
    }

    @Override
    public String description() {
        return "Fetches the certificate chain of a TLS server and judges dates, trust, host name and strength.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(TARGET, SERVER_NAME, TRUST, DEGRADED_WITHIN, MIN_VERSION);
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        return Stream.concat(NetFacts.SPECS.stream(), ChainFacts.SPECS.stream()).toList();
    }

    @Override
    public List<String> phases() {
        return List.of("resolve", "connect", "tls");
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_certificate_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        var settings = new TlsSettings(
                TlsSettings.trustOf(section, TRUST),
                Optional.empty(),
                section.find(SERVER_NAME),
                false,
                section.get(MIN_VERSION));
        return new CertificateProbe(
                Connector.of(section, IpFamily.ANY), section.get(TARGET), settings, section.get(DEGRADED_WITHIN));
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        return target.startsWith("tls:")
                ? Optional.of(Map.of(TARGET.name(), target.substring("tls:".length())))
                : Optional.empty();
    }
}
