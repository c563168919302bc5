package dev.gatewatch.probes.http;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.httpclient.HttpFacts;
import dev.gatewatch.probes.httpclient.Phase;
import dev.gatewatch.probes.httpclient.RequestKeys;
import dev.gatewatch.probes.httpclient.UrlType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Probes that send one HTTP request, follow its redirects and compare the answer with what is expected. */
public final class HttpProbeType implements ProbeType {
    @Override
    public String name() {
        return "http";
    }

    @Override
    public String description() {
        return "Sends one HTTP request over a fresh connection, follows redirects, and compares status, headers, body and latency"
                + " with what is expected.";
    }

    @Override
    public List<Key<?>> keys() {
        return HttpKeys.ALL;
    }

    @Override
    public Key<?> endpoint() {
        return RequestKeys.URL;
    }

    @Override
    public List<FactSpec> facts() {
        return HttpFacts.SPECS;
    }

    @Override
    public List<String> phases() {
        return Phase.NAMES;
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_http_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        return new HttpProbe(HttpKeys.read(section));
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        return UrlType.parse(target).map(_ -> Map.of(RequestKeys.URL.name(), target));
    }
}
