package dev.gatewatch.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code gatewatch} command. */
@Command(
        name = "gatewatch",
        description = "Watches payment gateways, names the root cause of a failure, and alerts.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Start with:  gatewatch demo", "Then:        gatewatch run --config gatewatch.yml"},
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            CheckConfigCommand.class,
            ProbeCommand.class,
            AlertsCommand.class,
            AckCommand.class,
            SilenceCommand.class,
            NoticesCommand.class,
            ChangeCommand.class,
            TestChannelCommand.class,
            RulesCommand.class,
            BacktestCommand.class,
            ImportCommand.class,
            SchemaCommand.class,
            VersionCommand.class,
            GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** Runs one command and leaves with its exit code: 0 well, 1 the answer is no, 2 bad usage or our own fault, more where a command says so. */
    public static void main(String... args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Failures::report)
                .setUsageHelpAutoWidth(true)
                .setExitCodeExceptionMapper(_ -> ExitCode.FAULT);
    }
}
