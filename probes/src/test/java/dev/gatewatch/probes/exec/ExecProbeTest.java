package dev.gatewatch.probes.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real plugins of Debian's monitoring-plugins-basic, and scripts that behave badly. */
class ExecProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(500);

    /** By which the sleepers of this test run are told from those of another. */
    private static final String SECONDS = String.valueOf(100_000 + ProcessHandle.current().pid());

    @TempDir
    private Path folder;

    @Override
    protected ProbeType type() {
        return new ExecProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of("command", List.of(script("echo 'all is well | time=12ms;100;200;0'")));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return Map.of("command", List.of(script("echo 'THE SHOP IS CLOSED'; exit 2")));
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of(
                "target",
                "127.0.0.1",
                "command",
                List.of(plugin("check_tcp"), "-H", "{target}", "-p", LocalServer.closedPort()));
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(Map.of("command", List.of("sleep", 60)));
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        return Optional.of(Map.of(
                "command",
                List.of(script("echo \"key $KEY, $1\"; echo $KEY; echo \"$2\" >&2; exit 2"), secret, "--password=" + secret.reveal()),
                "env",
                Map.of("KEY", secret)));
    }

    @Test
    void aPluginThatIsContentPassesWithItsPerformanceData() throws Exception {
        try (var server = LocalServer.silent()) {
            Report report = probe(
                    AMPLE,
                    Map.of(
                            "target",
                            "127.0.0.1",
                            "command",
                            List.of(plugin("check_tcp"), "-H", "{target}", "-p", server.port(), "-w", 5, "-c", 8, "-t", "{timeout}")));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(report.facts())
                    .containsEntry("exit_code", Fact.of(0))
                    .containsEntry("perf_warning_above.time", Fact.of(5))
                    .containsEntry("perf_critical_above.time", Fact.of(8))
                    .containsEntry("perf_max.time", Fact.of(15))
                    .containsKeys("perf.time", "output");
            assertThat(report.phases()).containsOnlyKeys("run");
        }
    }

    @Test
    void aPluginsWordsAreTheMessage() throws Exception {
        Report report = run(unreachable(), AMPLE);

        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.HEALTH_DOWN);
        assertThat(report.message()).containsIgnoringCase("connection refused").contains("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({"0, PASS", "1, DEGRADED", "2, FAIL", "3, BROKEN"})
    void theFourExitCodesOfPluginsAreUnderstood(int code, Outcome outcome) throws Exception {
        Report report = probe(AMPLE, Map.of("command", List.of(plugin("check_dummy"), code, "as told"), "cause", "order_stuck"));

        assertThat(report.outcome()).isEqualTo(outcome);
        assertThat(report.cause())
                .isEqualTo(
                        switch (outcome) {
                            case PASS -> Optional.empty();
                            case BROKEN -> Optional.of(Cause.INTERNAL_ERROR);
                            default -> Optional.of(Cause.ORDER_STUCK);
                        });
        assertThat(report.message()).matches(outcome == Outcome.PASS ? "" : "[A-Z]+: as told");
    }

    @Test
    void aPluginThatCountsBytesIsReadInBytes() throws Exception {
        Report report = probe(AMPLE, Map.of("command", List.of(plugin("check_disk"), "-w", "1%", "-c", "0%", "-p", folder)));

        assertThat(report.outcome()).as(report.toString()).isNotEqualTo(Outcome.BROKEN);
        Map<String, Double> perf = new LinkedHashMap<>();
        report.facts().forEach((name, fact) -> {
            if (name.startsWith("perf_max.") && fact instanceof Fact.Quantity q) {
                perf.put(name, q.number());
            }
        });
        double size = folder.toFile().getTotalSpace();
        assertThat(perf.values()).singleElement().satisfies(most -> assertThat(most).isBetween(size * 0.8, size * 1.2));
    }

    @Test
    void otherExitCodesAreOurFaultUnlessTheyAreNamed() throws Exception {
        String script = script("echo odd; exit 42");

        Report unknown = probe(AMPLE, Map.of("command", List.of(script)));
        Report known = probe(AMPLE, Map.of("command", List.of(script), "exit_codes", Map.of("42", "fail")));

        assertThat(unknown.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(unknown.cause()).contains(Cause.INTERNAL_ERROR);
        assertThat(unknown.message()).isEqualTo("check.sh ended with exit code 42, which exit_codes does not have: odd");
        assertThat(known.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(known.message()).isEqualTo("odd");
    }

    @Test
    void aCommandThatDiesOfASignalIsNotTheTargetsFault() throws Exception {
        Report report = probe(AMPLE, Map.of("command", List.of(script("kill -9 $$"))));

        assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(report.message()).isEqualTo("check.sh was ended by signal 9, or said so with exit code 137");
    }

    @Test
    void whatASilentCommandComplainsAboutIsTheMessage() throws Exception {
        Report complaining = probe(AMPLE, Map.of("command", List.of(script("echo 'no such host' >&2; exit 2"))));
        Report mute = probe(AMPLE, Map.of("command", List.of(script("exit 2"))));

        assertThat(complaining.message()).isEqualTo("check.sh ended with exit code 2: no such host");
        assertThat(complaining.evidence()).anySatisfy(e -> assertThat(e.title()).isEqualTo("standard error"));
        assertThat(mute.message()).isEqualTo("check.sh ended with exit code 2 and printed nothing");
    }

    @Test
    void theEnvironmentIsCleanAndArgumentsAreNotReadByAShell() throws Exception {
        Report report = probe(
                AMPLE,
                Map.of(
                        "command",
                        List.of(script("env | cut -d= -f1 | sort | tr '\\n' ' '; echo \"$# [$1] $ONE\"; pwd"), "$HOME; `id` *"),
                        "env",
                        Map.of("ONE", "1"),
                        "directory",
                        folder));

        Fact output = report.facts().get("output");
        assertThat(output.shown().replaceAll(" (_|PWD|SHLVL|OLDPWD)(?= )", ""))
                .isEqualTo("GATEWATCH_RUN LANG ONE PATH 1 [$HOME; `id` *] 1");
        assertThat(report.evidence().getFirst().text()).contains(folder.toString());
    }

    @Test
    void aFloodOfOutputIsCutAndTheCommandNotHeldUp() throws Exception {
        Report report = probe(
                AMPLE,
                Map.of("command", List.of(script("echo first; head -c 5000000 /dev/zero | tr '\\0' x; echo end >&2; exit 1"))));

        assertThat(report.outcome()).as(report.message()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.message()).isEqualTo("first");
        assertThat(report.evidence()).anySatisfy(e -> assertThat(e.text()).isEqualTo("only the first 64 kB were kept"));
    }

    @Test
    void anEndlessFloodEndsAtTheDeadline() throws Exception {
        Report report = probe(SHORT, Map.of("command", List.of(script("yes"))));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(report.message()).isEqualTo("check.sh did not end within 500ms and was ended with all that it started");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // children and grandchildren
                "sleep SECONDS & sh -c 'sleep SECONDS; true' & sleep SECONDS",
                // SIGTERM ignored, by all of them
                "trap '' TERM; sleep SECONDS & while true; do sleep SECONDS; done",
                // left the family: another parent, another session
                "(setsid sleep SECONDS &) ; (nohup sh -c 'sleep SECONDS; true' >/dev/null 2>&1 &) ; sleep SECONDS",
                // closes its output, so that only the time tells
                "exec >&- 2>&-; sleep SECONDS"
            })
    void atTheDeadlineAllProcessesEnd(String script) throws Exception {
        long before = sleepers();

        Report report = probe(SHORT, Map.of("command", List.of(script(script))));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        Waiting.await().until(() -> sleepers() == before);
    }

    @Test
    void anInterruptEndsAllProcesses() throws Exception {
        long before = sleepers();
        String script = script("sleep SECONDS & sleep SECONDS");
        var ended = new CompletableFuture<Throwable>();
        Thread run = Thread.ofVirtual().start(() -> {
            try {
                ended.complete(new AssertionError(probe(AMPLE, Map.of("command", List.of(script)))));
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        Waiting.await().until(() -> sleepers() == before + 2);

        run.interrupt();

        assertThat(ended.get(3, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        Waiting.await().until(() -> sleepers() == before);
    }

    @Test
    void whatHoldsTheOutputAfterTheEndIsEndedToo() throws Exception {
        long before = sleepers();

        Report report = probe(AMPLE, Map.of("command", List.of(script("echo fine; setsid sleep SECONDS & exit 0"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.evidence()).anySatisfy(e -> assertThat(e.title()).isEqualTo("left behind"));
        Waiting.await().until(() -> sleepers() == before);
    }

    @Test
    void aDaemonThatACommandStartsIsLeftAlone() throws Exception {
        long before = sleepers();

        Report report = probe(
                AMPLE, Map.of("command", List.of(script("setsid sleep SECONDS </dev/null >/dev/null 2>&1 & echo started"))));

        assertThat(report.outcome()).isEqualTo(Outcome.PASS);
        // it becomes a sleeper a moment after its parent's end
        Waiting.await().until(() -> sleepers() == before + 1);
        ProcessHandle.allProcesses().filter(ExecProbeTest::sleeps).forEach(ProcessHandle::destroy);
        Waiting.await().until(() -> sleepers() == before);
    }

    /** Only the process under test's own, wherever they were started from. */
    private static long sleepers() {
        return ProcessHandle.allProcesses().filter(ExecProbeTest::sleeps).count();
    }

    private static boolean sleeps(ProcessHandle process) {
        return process.info().arguments().filter(a -> a.length == 1 && a[0].equals(SECONDS)).isPresent();
    }

    @Test
    void onlySoManyRunAtOnce() throws Exception {
        var type = new ExecProbeType(new Runner(1));
        long before = sleepers();
        try (Probe probe = Sections.probe(type, Map.of("command", List.of("sleep", SECONDS)))) {
            Thread first = Thread.ofVirtual().start(() -> {
                try {
                    Runs.once(probe, AMPLE);
                } catch (Exception _) {
                    // interrupted
                }
            });
            Waiting.await().until(() -> sleepers() == before + 1);

            Report second = Runs.once(probe, SHORT);

            first.interrupt();
            assertThat(second.outcome()).isEqualTo(Outcome.BROKEN);
            assertThat(second.cause()).contains(Cause.INTERNAL_ERROR);
            assertThat(second.message()).isEqualTo("no place to run sleep: 1 commands are still running");
        }
        Waiting.await().until(() -> sleepers() == before);
    }

    @Test
    void aProgramThatIsNotThereIsAMissingComponent() throws Exception {
        Report nowhere = probe(AMPLE, Map.of("command", List.of("/opt/plugins/check_gone")));
        Report notInPath = probe(AMPLE, Map.of("command", List.of("check_gone_too")));
        Path withoutInterpreter = write("lost.sh", "#!/opt/no/such/interpreter\n", "rwxr-xr-x");
        Report interpreter = probe(AMPLE, Map.of("command", List.of(withoutInterpreter)));

        assertThat(nowhere.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(List.of(nowhere, notInPath, interpreter))
                .allSatisfy(r -> assertThat(r.cause()).contains(Cause.MISSING_COMPONENT));
        assertThat(nowhere.message())
                .isEqualTo("there is no /opt/plugins/check_gone on this machine: install it, or correct the path");
        assertThat(interpreter.message()).contains("#! line");
    }

    @Test
    void aProgramThatMayNotBeRunIsAMatterOfPermission() throws Exception {
        Path plain = write("plain.sh", "#!/bin/sh\n", "rw-r--r--");

        Report report = probe(AMPLE, Map.of("command", List.of(plain)));

        assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(report.cause()).contains(Cause.NO_PERMISSION);
        assertThat(report.message()).startsWith(plain + " is not executable for the user");
        assertThat(probe(AMPLE, Map.of("command", List.of(folder))).cause()).contains(Cause.NO_PERMISSION);
    }

    @Test
    void controlCharactersDoNotReachThePager() throws Exception {
        Report report = probe(AMPLE, Map.of("command", List.of(script("printf 'a\\033[31mred\\tb\\r\\n\\007c'; exit 2"))));

        assertThat(report.message()).isEqualTo("a [31mred b");
        assertThat(report.evidence().getFirst().text()).isEqualTo("a·[31mred\tb\n·c");
    }

    @Test
    void theTargetIsTheProgramUnlessItIsNamed() throws Exception {
        try (Probe named = Sections.probe(type(), unreachable());
                Probe plain = Sections.probe(type(), Map.of("command", List.of("/usr/bin/env", "true")))) {
            assertThat(named.target()).isEqualTo("127.0.0.1");
            assertThat(plain.target()).isEqualTo("env");
        }
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        assertProblem(Map.of("command", List.of()), "expected at least 1 item");
        assertProblem(Map.of("command", List.of(" ")), "the first item is the program to run, and it is empty");
        assertProblem(Map.of("command", List.of("a", "{target}")), "{target} stands for the key target, which is not there");
        assertProblem(Map.of("command", List.of("a"), "target", "b"), "nothing in command or env says {target}");
        assertProblem(Map.of("command", List.of("a", "{target}"), "target", "-x"), "does not begin with a dash");
        assertProblem(Map.of("command", List.of("a"), "directory", "/no/such"), "no such folder: /no/such");
        assertProblem(Map.of("command", List.of("a"), "exit_codes", Map.of("256", "fail")), "an exit code from 0 to 255");
        assertProblem(Map.of("command", List.of("a"), "cause", "no_permission"), "cause: expected a cause that blames the target");
        assertProblem(Map.of("command", List.of("a"), "env", Map.of("A-B", "1")), "a name of an environment variable");
    }

    private void assertProblem(Map<String, Object> config, String part) {
        assertThat(Sections.problems(type(), config)).singleElement().asString().contains(part);
    }

    private static Report probe(Duration timeout, Map<String, Object> config) throws Exception {
        try (Probe probe = Sections.probe(new ExecProbeType(), config)) {
            return Runs.once(probe, timeout);
        }
    }

    private String script(String lines) throws IOException {
        return write("check.sh", "#!/bin/sh\n" + lines.replace("SECONDS", SECONDS) + "\n", "rwxr-xr-x").toString();
    }

    private Path write(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static String plugin(String name) {
        Path plugin = Path.of("/usr/lib/nagios/plugins", name);
        if (!Files.isExecutable(plugin)) {
            String reason = name + " is not installed (on Debian: apt-get install monitoring-plugins-basic)";
            if (Boolean.getBoolean("require.components")) {
                Assertions.fail(reason);
            }
            Assumptions.abort(reason);
        }
        return plugin.toString();
    }
}
