package dev.gatewatch.cli;

import dev.gatewatch.config.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** {@code gatewatch change}: its commands. */
@Command(
        name = "change",
        description = "Marks changes such as deployments, and says what became of each probe with them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ChangeCommand.Begin.class, ChangeCommand.End.class, ChangeCommand.ListAll.class, ChangeCommand.Show.class},
        footer = {
            "",
            "In a pipeline:",
            "  gatewatch change begin --id deploy-42 --labels team=payments --comment \"release 1.8\"",
            "  ./deploy.sh",
            "  gatewatch change end --id deploy-42 || ./roll-back.sh"
        })
final class ChangeCommand implements Runnable {
    /** Leaves a pipeline's own codes alone. */
    static final int WORSE = 3;

    static final int TOO_LITTLE_DATA = 4;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command: begin, end, list or show?");
    }

    private static UserError unknown(String id) {
        return new UserError("there is no change " + id + " (gatewatch change list shows all)");
    }

    static int exitCode(String verdict) {
        return switch (verdict) {
            case "better", "same" -> ExitCode.WELL;
            case "worse" -> WORSE;
            default -> TOO_LITTLE_DATA;
        };
    }

    /** How what was found is printed and kept. */
    static final class Output {
        @Option(names = "--json", description = "Print what the API answers.")
        private boolean json;

        @Option(names = "--picture", paramLabel = "FILE", description = "Also write a picture: an .svg, or an .html page with the picture in it.")
        private @Nullable Path picture;

        void check(CommandSpec spec) {
            if (picture != null && !isSvg(picture) && !isHtml(picture)) {
                throw new ParameterException(spec.commandLine(), "--picture should end in .svg or .html; found \"" + picture + "\"");
            }
        }

        /** Prints a change with its comparison; answers what to leave with. */
        int show(CommandSpec spec, DaemonClient daemon, String id) {
            JsonNode found = daemon.find("changes", id).orElseThrow(() -> unknown(id));
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(found);
            } else {
                out.print(new ChangeTable(spec.commandLine().getColorScheme().ansi(), ZoneId.systemDefault()).of(found));
                out.flush();
            }
            if (picture != null) {
                write(picture, id, daemon.text("changes", id, "picture.svg").orElseThrow(() -> unknown(id)));
            }
            return exitCode(found.path("comparison").path("verdict").asString(""));
        }

        private static void write(Path file, String id, String svg) {
            // ids hold nothing that HTML takes for something else
            String content = isSvg(file)
                    ? svg
                    : "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Change " + id + "</title></head>\n<body>\n" + svg
                            + "\n</body></html>\n";
            try {
                Files.writeString(file, content);
            } catch (IOException e) {
                throw new UserError("the picture cannot be written to " + file + ": " + e.getMessage());
            }
        }

        private static boolean isSvg(Path file) {
            return file.toString().endsWith(".svg");
        }

        private static boolean isHtml(Path file) {
            return file.toString().endsWith(".html");
        }
    }

    /** {@code gatewatch change begin}. */
    @Command(name = "begin", description = "Marks the beginning of a change: before anything is touched.", mixinStandardHelpOptions = true)
    static final class Begin implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Mixin
        private DaemonClient daemon = new DaemonClient();

        @Option(names = "--id", required = true, paramLabel = "ID", description = "The change's own name, as deploy-42.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String id;

        @Option(
                names = "--labels",
                split = ",",
                paramLabel = "NAME=VALUE",
                description = "Which probes it is about: those that have all of these labels; also probe, region, type and location. Default: all.")
        private Map<String, String> labels = new LinkedHashMap<>();

        @Option(names = {"-m", "--comment"}, paramLabel = "TEXT", description = "What is changed.")
        private String comment = "";

        @Option(names = "--by", paramLabel = "NAME", description = "Who. Default: the user of this machine.")
        private @Nullable String by;

        @Override
        public Integer call() {
            var body = JsonMapper.shared().createObjectNode().put("id", id).put("comment", comment).put("by", Person.of(by));
            labels.forEach(body.putObject("labels")::put);
            JsonNode made = daemon.send("POST", body, "changes")
                    .orElseThrow(() -> new UserError("this daemon knows no changes; is it an older one?"));
            spec.commandLine().getOut().println("change " + made.path("id").asString("") + " began at " + made.path("beganAt").asString(""));
            return ExitCode.WELL;
        }
    }

    /** {@code gatewatch change end}. */
    @Command(
            name = "end",
            description = "Marks the end of a change, waits for runs that follow it, and says what became of each probe.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:better or the same; with --wait 0s: the end is marked",
                "2:the daemon cannot be asked, or bad usage",
                "3:worse",
                "4:too little data to say"
            })
    static final class End implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Mixin
        private DaemonClient daemon = new DaemonClient();

        @Mixin
        private Output output = new Output();

        @Option(names = "--id", required = true, paramLabel = "ID", description = "The change that began.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String id;

        @Option(
                names = "--wait",
                paramLabel = "DURATION",
                description = "For how long runs are watched, which is waited for; the longer, the smaller are the changes that can be told from chance."
                        + " Default: until its probes have run often enough for a verdict, from 10m to 2h (30s between runs: 31m)."
                        + " 0s: only mark the end, and ask later with gatewatch change show.")
        private @Nullable String wait;

        @Override
        public Integer call() throws InterruptedException {
            output.check(spec);
            boolean markOnly = wait != null && length(wait).isZero();
            var body = JsonMapper.shared().createObjectNode();
            if (wait != null && !markOnly) {
                body.put("watch", wait);
            }
            JsonNode ended = daemon.send("POST", body, "changes", id, "end").orElseThrow(() -> unknown(id));
            Instant from = time(ended, "endedAt");
            Instant until = time(ended, "watchedUntil");
            String watched = "change " + id + " ended; runs are watched for " + ChangeTable.words(from, until) + ", until "
                    + until.truncatedTo(ChronoUnit.SECONDS);
            if (markOnly) {
                spec.commandLine().getOut().println(watched);
                return ExitCode.WELL;
            }
            PrintWriter err = spec.commandLine().getErr();
            err.println(watched + " (gatewatch change show " + id + " also tells)");
            Instant enough = time(ended, "enoughUntil");
            if (until.isBefore(enough)) {
                err.println("some of its probes run too seldom to be called the same by then; that takes " + ChangeTable.words(from, enough));
            }
            err.flush();
            while (!isOver(from)) {
                Thread.sleep(LOOK_AGAIN);
            }
            return output.show(spec, daemon, id);
        }

        private Duration length(String written) {
            return Durations.parse(written)
                    .orElseThrow(() -> new ParameterException(spec.commandLine(), "--wait should be a time as 30s, 10m, 1h; found \"" + written + "\""));
        }

        private static Instant time(JsonNode change, String field) {
            return Instant.parse(change.path(field).asString(""));
        }

        /** By the daemon's clock, not by ours. */
        private boolean isOver(Instant endedAt) {
            return daemon.get(Map.of("since", endedAt.toString()), "changes").valueStream()
                    .filter(change -> change.path("id").asString("").equals(id))
                    .findFirst()
                    .orElseThrow(() -> unknown(id))
                    .path("state")
                    .asString("")
                    .equals("over");
        }
    }

    /** {@code gatewatch change list}. */
    @Command(name = "list", description = "Lists changes, newest first.", mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Mixin
        private DaemonClient daemon = new DaemonClient();

        @Option(names = "--json", description = "Print what the API answers, an array.")
        private boolean json;

        @Override
        public Integer call() {
            List<JsonNode> changes = daemon.get("changes").valueStream().toList();
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(changes);
            } else if (changes.isEmpty()) {
                out.println("No changes.");
            } else {
                var table = new ChangeTable(spec.commandLine().getColorScheme().ansi(), ZoneId.systemDefault());
                changes.forEach(change -> out.println(table.line(change)));
            }
            return ExitCode.WELL;
        }
    }

    /** {@code gatewatch change show}. */
    @Command(
            name = "show",
            description = "Shows a change and what became of each probe, as far as can be seen now.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:better or the same", "2:the daemon cannot be asked, or bad usage", "3:worse", "4:too little data to say"})
    static final class Show implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Mixin
        private DaemonClient daemon = new DaemonClient();

        @Mixin
        private Output output = new Output();

        @Parameters(paramLabel = "ID", description = "The change.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String id;

        @Override
        public Integer call() {
            output.check(spec);
            return output.show(spec, daemon, id);
        }
    }
}
