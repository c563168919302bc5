package dev.gatewatch.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code gatewatch silence}: its commands. */
@Command(
        name = "silence",
        description = "Makes, lists and ends silences: alerts that match are not told for a while. Probing goes on.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SilenceCommand.Add.class, SilenceCommand.ListAll.class, SilenceCommand.End.class},
        footer = {
            "",
            "Examples:",
            "  gatewatch silence add probe=gateway-health --for 2h --comment \"deploy 4711\"",
            "  gatewatch silence add \"probe=~checkout-.*\" severity!=critical",
            "  gatewatch silence list"
        })
final class SilenceCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command: add, list or end?");
    }

    private static String line(JsonNode s) {
        return text(s, "id") + "  " + text(s, "state") + "  "
                + String.join(" ", s.path("matchers").valueStream().map(m -> m.asString("")).toList())
                + "  from " + text(s, "startsAt") + " to " + text(s, "endsAt") + "  by " + text(s, "by")
                + (text(s, "comment").isEmpty() ? "" : ": " + text(s, "comment"));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    /** {@code gatewatch silence add}. */
    @Command(name = "add", description = "Makes a silence.", mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Mixin
        private DaemonClient daemon = new DaemonClient();

        @Parameters(
                arity = "1..*",
                paramLabel = "MATCHER",
                description = "NAME=VALUE, NAME!=VALUE, NAME=~REGEX or NAME!~REGEX over probe, region, location, type, rule, severity, cause, class"
                        + " and labels. All have to match.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private List<String> matchers;

        @Option(names = "--for", paramLabel = "DURATION", defaultValue = "2h", description = "How long, as 30m, 2h or 1d. Default: ${DEFAULT-VALUE}.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String duration;

        @Option(names = {"-m", "--comment"}, paramLabel = "TEXT", description = "Why.")
        private String comment = "";

        @Option(names = "--by", paramLabel = "NAME", description = "Who. Default: the user of this machine.")
        private @Nullable String by;

        @Override
        public Integer call() {
            var body = JsonMapper.shared().createObjectNode();
            matchers.forEach(body.putArray("matchers")::add);
            body.put("duration", duration).put("comment", comment).put("by", Person.of(by));
            JsonNode made = daemon.send("POST", body, "silences")
                    .orElseThrow(() -> new UserError("this daemon knows no silences; is it an older one?"));
            spec.commandLine().getOut().println(line(made));
            return ExitCode.WELL;
        }
    }

    /** {@code gatewatch silence list}. */
    @Command(name = "list", description = "Lists silences that are or will be in force.", mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Mixin
        private DaemonClient daemon = new DaemonClient();

        @Option(names = "--all", description = "Also those that ended in the last week.")
        private boolean all;

        @Option(names = "--json", description = "Print what the API answers, an array.")
        private boolean json;

        @Override
        public Integer call() {
            List<JsonNode> silences = daemon.get("silences").valueStream()
                    .filter(s -> all || !text(s, "state").equals("expired"))
                    .toList();
            var out = spec.commandLine().getOut();
            if (json) {
                out.println(silences);
            } else if (silences.isEmpty()) {
                out.println("No silences.");
            } else {
                silences.forEach(s -> out.println(line(s)));
            }
            return ExitCode.WELL;
        }
    }

    /** {@code gatewatch silence end}. */
    @Command(name = "end", description = "Ends silences now.", mixinStandardHelpOptions = true)
    static final class End implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Mixin
        private DaemonClient daemon = new DaemonClient();

        @Parameters(arity = "1..*", paramLabel = "ID", description = "The silences' ids.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private List<String> ids;

        @Override
        public Integer call() {
            int exit = ExitCode.WELL;
            for (String id : ids) {
                var ended = daemon.send("DELETE", JsonMapper.shared().createObjectNode(), "silences", id);
                spec.commandLine().getOut().println(ended.map(SilenceCommand::line).orElse("there is no silence " + id + ", or it is over"));
                exit = ended.isPresent() ? exit : ExitCode.NO;
            }
            return exit;
        }
    }
}
