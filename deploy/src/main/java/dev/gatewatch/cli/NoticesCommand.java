package dev.gatewatch.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code gatewatch notices}. */
@Command(
        name = "notices",
        description = "Shows what the running daemon told through which channel, attempt by attempt; or sends again what was given up.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown, or queued again", "1:there is no such notice that was given up", "2:the daemon cannot be asked, or bad usage"},
        footer = {"", "Examples:", "  gatewatch notices --channel ops --state dead", "  gatewatch notices --send-again 4711"})
final class NoticesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private DaemonClient daemon = new DaemonClient();

    @Option(names = "--channel", paramLabel = "NAME", description = "Only this channel's.")
    private @Nullable String channel;

    @Option(names = "--alert", paramLabel = "ID", description = "Only those about this alert.")
    private @Nullable String alert;

    @Option(names = "--state", paramLabel = "STATE", description = "Only those that are queued, sending, sent or dead (given up).")
    private @Nullable String state;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many, 1 to 10,000. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Print what the API answers, an array.")
    private boolean json;

    @Option(
            names = "--send-again",
            paramLabel = "NUMBER",
            description = "Put a notice that was given up back into its channel's queue, with all that was given up of its alert there.")
    private @Nullable Long again;

    @Override
    public Integer call() {
        return again == null ? show() : sendAgain(again);
    }

    private int show() {
        var query = new LinkedHashMap<String, String>();
        put(query, "channel", channel);
        put(query, "alert", alert);
        put(query, "state", state);
        query.put("limit", Integer.toString(limit));
        List<JsonNode> notices = daemon.get(query, "notices").valueStream().toList();
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(notices);
        } else {
            var table = new NoticeTable(spec.commandLine().getColorScheme().ansi(), ZoneId.systemDefault(), Instant.now());
            out.print(table.of(notices));
        }
        out.flush();
        return ExitCode.WELL;
    }

    private int sendAgain(long notice) {
        boolean done = daemon.send("POST", JsonMapper.shared().createObjectNode(), "notices", Long.toString(notice), "revive")
                .isPresent();
        spec.commandLine()
                .getOut()
                .println(done ? "queued again: notice " + notice : "notice " + notice + " was not given up, or is forgotten already");
        return done ? ExitCode.WELL : ExitCode.NO;
    }

    private static void put(Map<String, String> query, String name, @Nullable String value) {
        if (value != null) {
            query.put(name, value);
        }
    }
}
