package dev.gatewatch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code gatewatch test-channel}. */
@Command(
        name = "test-channel",
        description = "Has the running daemon send a message through a channel, which says that it is a test, and tells what the receiver said.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the receiver took it", "1:it did not", "2:the daemon cannot be asked, or bad usage"})
final class TestChannelCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private DaemonClient daemon = new DaemonClient();

    @Parameters(paramLabel = "NAME", description = "The channel's name.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String channel;

    @Override
    public Integer call() {
        var test = daemon.send("POST", JsonMapper.shared().createObjectNode(), "channels", channel, "test")
                .orElseThrow(() -> new UserError("the daemon has no channel \"" + channel + "\""));
        boolean delivered = test.path("delivered").asBoolean(false);
        spec.commandLine().getOut().println((delivered ? "delivered: " : "not delivered: ") + test.path("said").asString(""));
        return delivered ? ExitCode.WELL : ExitCode.NO;
    }
}
