package dev.gatewatch.cli;

import dev.gatewatch.alerting.ruletest.RuleTests;
import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.store.SqliteStore;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatewatch rules}: its commands. */
@Command(
        name = "rules",
        description = "Tests rules.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RulesCommand.Test.class)
final class RulesCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? There is: test");
    }

    /** {@code gatewatch rules test}. */
    @Command(
            name = "test",
            description = "Runs unit tests of rules: series of runs in, expected alerts out. Probes nothing and tells nobody.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:all tests passed", "1:a test failed", "2:bad usage, or a file cannot be used"})
    static final class Test implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of tests (YAML).")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private List<Path> files;

        @Override
        public Integer call() throws IOException {
            Path folder = Files.createTempDirectory("gatewatch-rules");
            try (Store store = SqliteStore.open(StoreSettings.defaults(), folder)) {
                return test(store);
            } finally {
                delete(folder);
            }
        }

        private int test(Store store) {
            PrintWriter out = spec.commandLine().getOut();
            long tests = 0;
            long failed = 0;
            boolean unusable = false;
            for (Path file : files) {
                RuleTests.Report report = RuleTests.run(file, System.getenv(), store, Test::setting);
                out.println(file);
                report.problems().forEach(problem -> out.println("  " + problem));
                unusable |= !report.problems().isEmpty();
                for (RuleTests.Verdict verdict : report.verdicts()) {
                    boolean passed = verdict.differences().isEmpty();
                    out.println((passed ? "  pass  " : "  FAIL  ") + verdict.test());
                    verdict.differences().forEach(line -> out.println("          " + line));
                    tests++;
                    failed += passed ? 0 : 1;
                }
            }
            if (unusable) {
                out.println("not usable");
                return ExitCode.FAULT;
            }
            out.println(failed == 0 ? tests + " passed" : failed + " of " + tests + " failed");
            return failed == 0 ? ExitCode.WELL : ExitCode.NO;
        }

        private static RuleTests.Setting setting(Path path) {
            Configuration.Attempt attempt = Configuration.read(List.of(path), System.getenv());
            try (Configuration configuration = attempt.configuration().orElse(null)) {
                return configuration == null
                        ? new RuleTests.Setting(java.util.Optional.empty(), List.of(), attempt.lines())
                        : new RuleTests.Setting(
                                java.util.Optional.of(configuration.plan()), configuration.rules(), attempt.lines());
            }
        }

        private static void delete(Path folder) throws IOException {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
