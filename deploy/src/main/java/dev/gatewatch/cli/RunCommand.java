package dev.gatewatch.cli;

import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.daemon.Daemon;
import dev.gatewatch.daemon.Service;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gatewatch run}. */
@Command(
        name = "run",
        description = "Runs the daemon until it is asked to stop (SIGTERM, Ctrl-C). SIGHUP reloads the configuration, and so does saving it.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped as asked",
            "2:could not start: bad configuration, port taken, store not usable; the message says which"
        })
final class RunCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration: a file or folder; may be given several times.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<Path> config;

    @Override
    public Integer call() throws InterruptedException {
        Configuration.Attempt attempt = Configuration.read(config, System.getenv());
        attempt.lines().forEach(System.err::println);
        Configuration configuration = attempt.configuration()
                .orElseThrow(() -> new UserError("the configuration cannot be used; nothing was started"));
        try (Daemon daemon = Daemon.start(configuration, attempt, () -> Configuration.read(config, System.getenv()), Version.current())) {
            new Service(daemon).runUntilStopped();
        }
        return ExitCode.WELL;
    }
}
