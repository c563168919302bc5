package dev.gatewatch.probes.resources;

import dev.gatewatch.probes.fuzz.Target;
import dev.gatewatch.probes.httpclient.HttpClientFuzz;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Metrics pages. */
public final class ResourcesFuzz {
    private ResourcesFuzz() {}

    public static List<Target> targets() {
        return List.of(
                Target.ofText(
                        "metrics-page",
                        ResourcesFuzz::page,
                        "# HELP m A \\n metric\n# TYPE m gauge\nm{a=\"x\",b=\"\\\"y\\\\\\n\"} 1.5e3 1772452800000\nm 2\n",
                        "# TYPE h histogram\nh_bucket{le=\"0.1\"} 3\nh_bucket{le=\"+Inf\"} 7\nh_sum 3.4\nh_count 7\n",
                        "# TYPE c counter\nc_total{a=\"b\"} 3 1.5 # {trace_id=\"x\"} 1 1.0\n{\"utf.8\",x=\"y\"} NaN\n# EOF\n"),
                Target.ofText(
                        "actuator-metric",
                        bytes -> {
                            try {
                                ActuatorMetric.read(
                                        HttpClientFuzz.answer(200, "Content-Type: application/json", bytes),
                                        Selector.parse("jvm_memory_used{statistic=\"VALUE\"}"));
                            } catch (ProbeFailure _) {
                                // told as such
                            }
                        },
                        "{\"name\":\"jvm.memory.used\",\"measurements\":[{\"statistic\":\"VALUE\",\"value\":1.2E8}],\"availableTags\":[]}"),
                Target.ofText(
                        "selector",
                        bytes -> {
                            try {
                                Selector.parse(Target.text(bytes));
                            } catch (Scanner.Malformed _) {
                                // as it may be
                            }
                        },
                        "sum(http_requests_total{code=~\"5..\",path!~\"/a|b\",x!=\"y\"})"));
    }

    private static void page(byte[] bytes) throws Scanner.Malformed {
        var spec = new ValueSpec(Selector.parse("sum(m{a=~\"x|b\"})"), OptionalDouble.empty());
        try {
            MetricsPage.read(HttpClientFuzz.answer(200, "Content-Type: text/plain", bytes), Map.of("v", spec), Map.of());
        } catch (ProbeFailure _) {
            // told as such
        }
    }
}
