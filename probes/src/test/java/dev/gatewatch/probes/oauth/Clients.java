package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.TokenSources;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes clients and probes as a user would write them. */
final class Clients {
    static final Duration AMPLE = Duration.ofSeconds(20);

    private Clients() {}

    /** The {@code oauth} section. */
    static OAuthClients section(Map<String, ?> clients) {
        var problems = new Problems();
        return OAuthClients.TYPE
                .read(Sections.node("oauth", clients), new Reading(problems, Path.of("").toAbsolutePath()))
                .orElseThrow(() -> new AssertionError(lines(problems).toString()));
    }

    /** What is told about the {@code oauth} section. */
    static List<String> problems(Map<String, ?> client) {
        var problems = new Problems();
        OAuthClients.TYPE.read(
                Sections.node("oauth", Map.of("c", client)), new Reading(problems, Path.of("").toAbsolutePath()));
        return lines(problems);
    }

    /** A probe in a configuration with these clients. */
    static Probe probe(ProbeType type, Map<String, ?> config, OAuthClients clients) {
        var problems = new Problems();
        Reading reading = new Reading(problems, Path.of("").toAbsolutePath())
                .sharing(TokenSources.class, clients)
                .sharing(OAuthClients.class, clients);
        List<Key<?>> keys = type.keys();
        return SectionType.of(type.name(), keys, type::create)
                .read(Sections.node("", config), reading)
                .orElseThrow(() -> new AssertionError(lines(problems).toString()));
    }

    static Report run(Map<String, ?> config) throws Exception {
        return run(config, Clock.systemUTC(), Memory.fresh());
    }

    static Report run(Map<String, ?> config, Clock clock, Memory memory) throws Exception {
        try (Probe probe = Sections.probe(new OAuthProbeType(), config)) {
            return probe.run(Runs.run(AMPLE, clock, memory));
        }
    }

    static Run run(Clock clock, Memory memory) {
        return Runs.run(AMPLE, clock, memory);
    }

    static Object fact(Report report, String name) {
        var fact = report.facts().get(name);
        return fact == null ? "absent" : fact.value();
    }

    static String evidence(Report report) {
        return report.evidence().stream().map(Evidence::toString).collect(Collectors.joining("\n"));
    }

    private static List<String> lines(Problems problems) {
        return problems.list().stream().map(p -> p.path() + ": " + p.message()).toList();
    }
}
