package dev.gatewatch.cli;

import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problem.Severity;
import dev.gatewatch.daemon.Configuration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatewatch check-config}. */
@Command(
        name = "check-config",
        description = "Checks a configuration and lists all that is wrong with it. Opens and changes nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the configuration can be used (warnings may be printed)", "1:it cannot", "2:bad usage"})
final class CheckConfigCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files or folders (*.yml, *.yaml). Several are one configuration together.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<Path> files;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Configuration.Attempt attempt = Configuration.read(files, System.getenv());
        attempt.lines().forEach(out::println);
        long warnings = attempt.problems().stream()
                .filter(p -> p.severity() == Severity.WARNING)
                .count();
        if (attempt.configuration().isEmpty()) {
            long errors = attempt.problems().stream().map(Problem::severity).filter(Severity.ERROR::equals).count()
                    + attempt.unlisted();
            out.println("not usable: " + count(errors, "error") + (warnings == 0 ? "" : ", " + count(warnings, "warning")));
            return ExitCode.NO;
        }
        try (Configuration configuration = attempt.configuration().get()) {
            out.println("ok: "
                    + count(configuration.plan().probes().size(), "probe") + " (each region counted), "
                    + count(configuration.rules().size(), "rule") + ", "
                    + count(configuration.channels().size(), "channel") + ", "
                    + count(configuration.routes().size(), "route")
                    + (warnings == 0 ? "" : "; " + count(warnings, "warning")));
        }
        return ExitCode.WELL;
    }

    private static String count(long n, String thing) {
        return n + " " + thing + (n == 1 ? "" : "s");
    }
}
