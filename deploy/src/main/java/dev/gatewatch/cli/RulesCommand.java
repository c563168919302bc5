package dev.gatewatch.cli;

import dev.gatewatch.alerting.ruletest.RuleTests;
import dev.gatewatch.daemon.Configuration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            long tests = 0;
            long failed = 0;
            boolean unusable = false;
            for (Path file : files) {
                RuleTests.Report report = RuleTests.run(file, System.getenv(), Test::setting);
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
                        ? new RuleTests.Setting(Optional.empty(), List.of(), attempt.lines())
                        : new RuleTests.Setting(
                                Optional.of(configuration.plan()), configuration.rules(), attempt.lines());
            }
        }
    }
}
