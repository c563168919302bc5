package dev.gatewatch.cli;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.daemon.Daemon;
import dev.gatewatch.daemon.Service;
import dev.gatewatch.sandbox.Sandbox;
import dev.gatewatch.sandbox.SandboxSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code gatewatch demo}. */
@Command(
        name = "demo",
        description = "Starts a payment sandbox on this machine and watches it. Break the sandbox on its control page, and see the cause named.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9780",
            converter = Address.class,
            description = "Where Gatewatch's page listens. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private HostPort listen;

    @Option(
            names = "--sandbox",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9781",
            converter = Address.class,
            description = "Where the sandbox's control page and inbox listen. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private HostPort control;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/demo",
            description = "Where the demo keeps its data. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private Path data;

    @Override
    public Integer call() throws InterruptedException {
        try (Sandbox sandbox = Sandbox.start(new SandboxSettings(control, listen, data.toAbsolutePath()))) {
            Path file = data.toAbsolutePath().resolve("gatewatch.yml");
            Files.writeString(file, sandbox.configuration());
            watch(file, sandbox);
        } catch (IOException e) {
            throw new UserError("the sandbox cannot start: " + e.getMessage());
        }
        return ExitCode.WELL;
    }

    private void watch(Path file, Sandbox sandbox) throws InterruptedException {
        List<Path> files = List.of(file);
        Configuration.Attempt attempt = Configuration.read(files, System.getenv());
        Configuration configuration = attempt.configuration()
                .orElseThrow(() -> new IllegalStateException("the demo's own configuration is wrong:\n" + String.join("\n", attempt.lines())));
        DemoPast.learn(configuration, sandbox.rates(), Clock.systemUTC().instant());
        try (Daemon daemon =
                Daemon.start(configuration, attempt, () -> Configuration.read(files, System.getenv()), Version.current())) {
            sandbox.gatewatchAt(daemon.page());
            welcome(daemon.page(), sandbox.control(), file);
            new Service(daemon).runUntilStopped();
        }
    }

    private void welcome(URI page, URI control, Path file) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                """

                Gatewatch watches a payment sandbox on this machine.

                  The page             %s
                  Break something      %s
                  Inbox (as Slack)     %s
                  The configuration    %s

                Ctrl-C ends both.

                """,
                page, control.resolve("/"), control.resolve("/inbox"), file);
        out.flush();
    }

    /** Reads HOST:PORT. */
    static final class Address implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String value) {
            return HostPort.parse(value, 0).orElseThrow(() -> new TypeConversionException("expected HOST:PORT, found \"" + value + "\""));
        }
    }
}
