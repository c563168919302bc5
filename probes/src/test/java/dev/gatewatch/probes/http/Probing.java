package dev.gatewatch.probes.http;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes http probes as a user would write them and runs them once. */
final class Probing {
    private static final Duration AMPLE = Duration.ofSeconds(20);

    private Probing() {}

    static Report run(String url) throws Exception {
        return run(Map.of("url", url));
    }

    static Report run(String url, Map<String, ?> more) throws Exception {
        return run(config(url, more));
    }

    static Report run(String url, Map<String, ?> more, Duration timeout) throws Exception {
        return run(config(url, more), timeout);
    }

    static Report run(Map<String, ?> config) throws Exception {
        return run(config, AMPLE);
    }

    static Report run(Map<String, ?> config, Duration timeout) throws Exception {
        try (Probe probe = Sections.probe(new HttpProbeType(), config)) {
            return Runs.once(probe, timeout);
        }
    }

    static Map<String, Object> config(String url, Map<String, ?> more) {
        var config = new LinkedHashMap<String, Object>();
        config.put("url", url);
        config.putAll(more);
        return config;
    }

    static List<String> problems(String url, Map<String, ?> more) {
        return Sections.problems(new HttpProbeType(), config(url, more));
    }

    static Object fact(Report report, String name) {
        var fact = report.facts().get(name);
        return fact == null ? "absent" : fact.value();
    }

    /** Everything a person could read of a report's evidence. */
    static String evidence(Report report) {
        return report.evidence().stream().map(Evidence::toString).collect(Collectors.joining("\n"));
    }
}
