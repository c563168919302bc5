package dev.gatewatch.probes.tenants;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import dev.gatewatch.probes.identity.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** Probes that ask in several tenants' names at once and look for what is another's. */
public final class TenantsProbeType implements ProbeType {
    /** A probe is no load test. */
    private static final int MOST_REQUESTS = 10_000;

    private static final Key<SequencedMap<String, Tenant>> IDENTITIES = Key.required(
            "identities", Types.map(Types.name(), Tenant.TYPE), "Name to credential and marker of each tenant; at least two.");
    private static final Key<List<Section>> REQUESTS = Key.optional(
            "requests",
            Types.list(SectionType.of("request", Paths.REQUEST_KEYS, section -> section), 1),
            "What each tenant asks in each round. Default: a GET of url.");
    private static final Key<Expectation> EXPECT = Key.withDefault(
            "expect", Expectation.TYPE, Expectation.DEFAULT, "status: 2xx", "What every answer must be beside its marker.");
    private static final Key<Integer> ROUNDS = Key.withDefault(
            "rounds",
            Types.integer(1, 1_000),
            5,
            "5",
            "How often every tenant asks, over each kind of connections: 2 tenants in 5 rounds over 2 kinds are 20 requests a run.");
    private static final Key<Integer> CONCURRENCY = Key.withDefault(
            "concurrency",
            Types.integer(1, 64),
            4,
            "4",
            "How many requests are under way at once, of different tenants where there are as many.");
    private static final Key<List<Shot.Connections>> CONNECTIONS = Key.withDefault(
            "connections",
            Types.oneOrMore(Types.oneOf(Shot.Connections.class)),
            List.of(Shot.Connections.values()),
            "[fresh, kept]",
            "fresh: a new connection for each request. kept: connections that are kept and used by all tenants in turn, as a gateway"
                    + " does; cookies are not carried over.");

    @Override
    public String name() {
        return "tenants";
    }

    @Override
    public String description() {
        return "Asks in the names of several tenants at once, interleaved, over fresh and kept connections; every answer must hold its"
                + " own tenant's marker and no other's (tenant_leak).";
    }

    @Override
    public List<Key<?>> keys() {
        return Stream.concat(
                        Stream.<Key<?>>of(
                                Paths.BASE, IDENTITIES, REQUESTS, EXPECT, ROUNDS, CONCURRENCY, CONNECTIONS),
                        ClientSettings.KEYS.stream())
                .toList();
    }

    @Override
    public Key<?> endpoint() {
        return Paths.BASE;
    }

    @Override
    public List<FactSpec> facts() {
        return List.of(
                FactSpec.gauge(Findings.REQUESTS, "probe_tenant_requests", "Requests that were answered."),
                FactSpec.gauge(Findings.LEAKS, "probe_tenant_leaks", "Markers of another tenant that were seen."),
                FactSpec.gauge(
                        Findings.LEAKS_FRESH, "probe_tenant_leaks_fresh", "Those over fresh connections."),
                FactSpec.gauge(Findings.LEAKS_KEPT, "probe_tenant_leaks_kept", "Those over kept connections."),
                FactSpec.gauge(
                        Findings.UNMARKED, "probe_tenant_unmarked", "Answers without any tenant's marker."),
                FactSpec.gauge(
                        Findings.FAILURES, "probe_tenant_failures", "Requests without an answer that is as expected."),
                FactSpec.gauge(
                        Findings.LATENCY_MEAN, "probe_tenant_latency_mean_seconds", "Mean time of an answer, in seconds."),
                FactSpec.gauge(
                        Findings.LATENCY_MAX, "probe_tenant_latency_max_seconds", "Longest time of an answer, in seconds."));
    }

    @Override
    public List<String> phases() {
        return Arrays.stream(Shot.Connections.values())
                .map(c -> c.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_tenant_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        SequencedMap<String, Tenant> tenants = section.get(IDENTITIES);
        checkMarkers(section, tenants);
        List<HttpRequest> requests = section.find(REQUESTS)
                .map(all -> all.stream().map(each -> Paths.read(each, section)).toList())
                .orElseGet(() -> List.of(Paths.plain(section)));
        Expectation expect = section.get(EXPECT);
        if (expect.latency().isPresent()) {
            section.problem(EXPECT, "latency is judged by rules on latency_max here, as a run has many answers; remove it");
        }
        var secrets = new ArrayList<Secret>(expect.secrets());
        section.find(REQUESTS)
                .ifPresent(all -> all.forEach(each -> secrets.addAll(RequestKeys.bodySecrets(each))));
        tenants.values().forEach(tenant -> {
            requests.forEach(request -> secrets.addAll(tenant.identity().of(request).secrets()));
            if (tenant.hiddenMarker()) {
                secrets.add(new Secret(tenant.marker().text()));
            }
        });
        var config = new TenantsConfig(
                Paths.shown(section),
                tenants,
                requests,
                expect,
                section.get(ROUNDS),
                section.get(CONCURRENCY),
                section.get(CONNECTIONS).stream().distinct().toList(),
                ClientSettings.read(section),
                secrets.stream().distinct().toList());
        if (config.planned() > MOST_REQUESTS) {
            section.problem(
                    ROUNDS, config.planned() + " requests a run are more than " + MOST_REQUESTS + "; a probe is no load test");
        }
        return new TenantsProbe(config);
    }

    private static void checkMarkers(Section section, SequencedMap<String, Tenant> tenants) {
        if (tenants.size() < 2) {
            section.problem(IDENTITIES, "one tenant alone can see nobody else's; at least two are needed");
        }
        for (Map.Entry<String, Tenant> a : tenants.entrySet()) {
            for (Map.Entry<String, Tenant> b : tenants.entrySet()) {
                if (!a.getKey().equals(b.getKey()) && a.getValue().marker().isWithin(b.getValue().marker())) {
                    section.problem(
                            IDENTITIES,
                            "the marker of " + a.getKey() + " is the one of " + b.getKey()
                                    + ", or a part of it; every answer to " + b.getKey() + " would look like a leak");
                }
            }
        }
    }
}
