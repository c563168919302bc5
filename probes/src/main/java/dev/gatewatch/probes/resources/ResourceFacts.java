package dev.gatewatch.probes.resources;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probes.httpclient.HttpFacts;
import java.util.List;
import java.util.stream.Stream;

/** The facts of a resources run: those of the request, and what was read. */
final class ResourceFacts {
    static final String VALUE = "value";
    static final String EXHAUSTION = "exhaustion_seconds";
    static final String SERIES = "series";

    static final List<FactSpec> SPECS = Stream.concat(
                    Stream.of(
                            FactSpec.family(
                                    VALUE,
                                    "probe_resource_value",
                                    "name",
                                    "What was read or reckoned under a name of values, rates, ratios or quantiles."),
                            FactSpec.family(
                                    EXHAUSTION,
                                    "probe_resource_exhaustion_seconds",
                                    "name",
                                    "Seconds until the value of this name reaches its limit, if it goes on as it does; 0 when it"
                                            + " has. Absent where it goes nowhere."),
                            FactSpec.gauge(
                                    SERIES, "probe_resource_series", "Series on the page, or metrics asked for.")),
                    HttpFacts.SPECS.stream())
            .toList();

    private ResourceFacts() {}
}
