package dev.gatewatch.cli;

import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.daemon.Daemon;
import dev.gatewatch.daemon.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            paramLabel = "FILE",
            description = "The configuration: a file or folder; may be given several times.")
    private List<Path> config = new ArrayList<>();

    @Option(
            names = "--blackbox",
            paramLabel = "FILE",
            description = "A blackbox.yml of blackbox_exporter, as it is: GET /probe?module=…&target=… answers as blackbox_exporter does."
                    + " May stand without --config.")
    private @Nullable Path blackbox;

    @Override
    public Integer call() throws InterruptedException {
        if (config.isEmpty() && blackbox == null) {
            throw new UserError("what shall it do? name a configuration with --config, or a blackbox.yml with --blackbox");
        }
        Configuration.Attempt attempt = read();
        attempt.lines().forEach(System.err::println);
        Configuration configuration = attempt.configuration()
                .orElseThrow(() -> new UserError("the configuration cannot be used; nothing was started"));
        try (Daemon daemon = Daemon.start(configuration, attempt, this::read, Version.current())) {
            new Service(daemon).runUntilStopped();
        }
        return ExitCode.WELL;
    }

    private Configuration.Attempt read() {
        return Configuration.read(config, Optional.ofNullable(blackbox), System.getenv());
    }
}
