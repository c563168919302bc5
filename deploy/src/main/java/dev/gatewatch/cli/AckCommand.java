package dev.gatewatch.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code gatewatch ack}. */
@Command(
        name = "ack",
        description = "Says that somebody takes care of an alert: no more reminders, no further escalation. Its end is still told.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  gatewatch ack gateway-health --comment \"restarting the pool\""})
final class AckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private DaemonClient daemon = new DaemonClient();

    @Parameters(
            paramLabel = "ALERT",
            description = "The alert: its id, the beginning of it, or its probe's name where only one of the probe's is open.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String alert;

    @Option(names = {"-m", "--comment"}, paramLabel = "TEXT", description = "What others should know.")
    private String comment = "";

    @Option(names = "--by", paramLabel = "NAME", description = "Who takes care. Default: the token's name, or the user of this machine.")
    private @Nullable String by;

    @Option(names = "--withdraw", description = "Take the acknowledgement back.")
    private boolean withdraw;

    @Override
    public Integer call() {
        String id = AlertsCommand.meant(daemon, alert);
        var out = spec.commandLine().getOut();
        if (withdraw) {
            boolean done = daemon.send("DELETE", JsonMapper.shared().createObjectNode(), "alerts", id, "acknowledgement")
                    .isPresent();
            out.println(done ? "taken back: " + id : "nobody has acknowledged " + id);
            return done ? ExitCode.WELL : ExitCode.NO;
        }
        var body = JsonMapper.shared().createObjectNode().put("comment", comment).put("by", Person.of(by));
        var done = daemon.send("POST", body, "alerts", id, "acknowledgement");
        out.println(done.map(ack -> "acknowledged by " + ack.path("by").asString("") + ": " + id)
                .orElse("the alert is not open any more: " + id));
        return done.isPresent() ? ExitCode.WELL : ExitCode.NO;
    }
}
