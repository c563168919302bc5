package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.cli.Cli;
import dev.gatewatch.config.HostPort;
import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probe.Series;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every fault of the sandbox, switched on and off: the probe that it is for names its cause, and passes again afterwards. What only
 * several probes together show ({@code region_…}), and what only a comparison does, is left to the demo's own test.
 */
final class FaultsByProbeTest {
    private static final Set<Cause> ACROSS_PROBES = EnumSet.of(Cause.REGION_SLOW, Cause.REGION_DOWN);

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    static Path data;

    private static Sandbox sandbox;
    private static Path file;
    private static Configuration configuration;
    private static final Map<Series, Memory> MEMORIES = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.start(new SandboxSettings(new HostPort("127.0.0.1", 0), new HostPort("127.0.0.1", 9780), data));
        file = Files.writeString(data.resolve("gatewatch.yml"), sandbox.configuration());
        Configuration.Attempt attempt = Configuration.read(List.of(file), Map.of());
        assertThat(attempt.lines()).isEmpty();
        configuration = attempt.configuration().orElseThrow();
    }

    @AfterAll
    static void stop() {
        configuration.close();
        sandbox.close();
    }

    @Test
    void thereAreFaultsForEveryRowThatLoopbackCanShow() {
        assertThat(Faults.ALL).hasSizeGreaterThanOrEqualTo(40);
        assertThat(Faults.ALL.stream().flatMap(fault -> fault.cause().stream()).distinct()).hasSizeGreaterThanOrEqualTo(40);
    }

    @TestFactory
    Collection<DynamicTest> theProbeNamesTheCauseAndPassesAgain() {
        return Faults.ALL.stream()
                .flatMap(fault -> fault.cause().stream()
                        .filter(cause -> !ACROSS_PROBES.contains(cause))
                        .map(cause -> DynamicTest.dynamicTest(fault.id() + " is " + cause.code(), () -> show(fault, cause))))
                .toList();
    }

    private static void show(Fault fault, Cause cause) throws Exception {
        passes(fault);
        sandbox.turn(fault, true);
        try {
            Waiting.await().untilAsserted(() -> assertThat(reports(fault))
                    .anySatisfy(report -> assertThat(report.cause()).as(report.toString()).contains(cause)));
            Waiting.await().untilAsserted(() -> tells(fault, cause));
        } finally {
            sandbox.turn(fault, false);
        }
        passes(fault);
    }

    /** {@code gatewatch probe} shows a person the waterfall, the cause and what to do, and a program the same. */
    private static void tells(Fault fault, Cause cause) {
        Cli.Ran text = Cli.run("probe", "--config", file.toString(), fault.probe());
        Cli.Ran json = Cli.run("probe", "--config", file.toString(), "--json", fault.probe());

        assertThat(text.exit()).as(text.toString()).isNotZero();
        assertThat(text.out())
                .contains(cause.code() + " (" + cause.causeClass().code() + ")")
                .contains("meaning  " + cause.meaning())
                .contains("remedy   " + cause.remedy())
                .containsPattern("(?m)^  total +[0-9.]+ ms$");
        assertThat(json.exit()).isEqualTo(text.exit());
        assertThat(json.out().lines().map(JSON::readTree)).anySatisfy(result -> {
            assertThat(result.get("cause").asString("")).isEqualTo(cause.code());
            assertThat(result.get("class").asString("")).isEqualTo(cause.causeClass().code());
            assertThat(result.get("remedy").asString("")).isEqualTo(cause.remedy());
            assertThat(text.out()).contains(result.get("phases").propertyNames());
        });
    }

    private static void passes(Fault fault) {
        Waiting.await().untilAsserted(() -> assertThat(reports(fault))
                .isNotEmpty()
                .allSatisfy(report -> assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS)));
    }

    private static List<Report> reports(Fault fault) throws Exception {
        var reports = new java.util.ArrayList<Report>();
        for (ProbeSpec spec : configuration.plan().probes().values()) {
            if (spec.series().probe().equals(fault.probe())) {
                Memory memory = MEMORIES.computeIfAbsent(spec.series(), _ -> Memory.fresh());
                reports.add(spec.probe()
                        .run(new Run(
                                spec.series(),
                                Deadline.after(spec.timeout()),
                                Clock.systemUTC(),
                                memory,
                                "4bf92f3577b34da6a3ce929d0e0e4736")));
            }
        }
        return reports;
    }
}
