package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.callback.CallbackSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes transaction probes as a user would write them, in a configuration that listens for callbacks on a free port. */
final class Transactions {
    static final Duration AMPLE = Duration.ofSeconds(20);

    private static final CallbackSettings CALLBACKS =
            new CallbackSettings(new HostPort("127.0.0.1", 0), Optional.empty(), 200, "ok");

    private Transactions() {}

    static Probe probe(Map<String, ?> config) {
        var problems = new Problems();
        ProbeType type = new TransactionProbeType();
        return SectionType.of(type.name(), type.keys(), type::create)
                .read(Sections.node("", config), reading(problems))
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private static Reading reading(Problems problems) {
        return new Reading(problems, Path.of("").toAbsolutePath()).sharing(CallbackSettings.class, CALLBACKS);
    }

    /** The problems of a configuration that has a callbacks section. */
    static List<String> problems(Map<String, ?> config) {
        var problems = new Problems();
        ProbeType type = new TransactionProbeType();
        SectionType.of(type.name(), type.keys(), type::create)
                .read(Sections.node("", config), reading(problems))
                .ifPresent(Probe::close);
        return problems.list().stream()
                .map(p -> p.path() + ": " + p.message() + p.suggestion().map(s -> " (" + s + ")").orElse(""))
                .toList();
    }

    /** A transaction of these steps, each as {@link #step} makes it. */
    static Map<String, Object> config(String base, Object... steps) {
        var config = new LinkedHashMap<String, Object>();
        config.put("base_url", base);
        config.put("steps", List.of(steps));
        return config;
    }

    static Map<String, Object> with(Map<String, Object> config, String key, Object value) {
        var more = new LinkedHashMap<>(config);
        more.put(key, value);
        return more;
    }

    static Map<String, Object> step(String name, Object... keysAndValues) {
        var step = new LinkedHashMap<String, Object>();
        step.put("name", name);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            step.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return step;
    }

    static Report run(Map<String, ?> config) throws Exception {
        return run(config, AMPLE);
    }

    static Report run(Map<String, ?> config, Duration timeout) throws Exception {
        try (Probe probe = probe(config)) {
            return Runs.once(probe, timeout);
        }
    }

    static Object fact(Report report, String name) {
        Fact fact = report.facts().get(name);
        return fact == null ? "absent" : fact.value();
    }

    static String evidence(Report report) {
        return report.evidence().stream().map(Evidence::toString).collect(Collectors.joining("\n"));
    }
}
