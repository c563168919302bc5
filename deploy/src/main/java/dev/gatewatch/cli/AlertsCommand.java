package dev.gatewatch.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code gatewatch alerts}. */
@Command(
        name = "alerts",
        description = "Shows the alerts of the running daemon: firing ones and those that people handle; --all adds pending and resolved ones.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown; with --check: nothing fires", "1:with --check: something fires", "2:the daemon cannot be asked, or bad usage"})
final class AlertsCommand implements Callable<Integer> {
    private static final Set<String> OPEN = Set.of("firing", "acknowledged", "suppressed");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private DaemonClient daemon = new DaemonClient();

    @Option(names = "--all", description = "Also pending alerts, and those resolved within the last 24 hours.")
    private boolean all;

    @Option(names = "--probe", paramLabel = "NAME", description = "Only this probe's.")
    private @Nullable String probe;

    @Option(names = "--check", description = "Leave with 1 when something fires that nobody has acknowledged: for scripts.")
    private boolean check;

    @Option(names = "--json", description = "Print what the API answers, an array.")
    private boolean json;

    @Override
    public Integer call() {
        JsonNode answered = daemon.get("alerts");
        List<JsonNode> alerts = answered.valueStream()
                .filter(a -> all || OPEN.contains(a.path("status").asString("")))
                .filter(a -> probe == null || a.path("probe").asString("").equals(probe))
                .toList();
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(alerts);
        } else {
            out.print(new AlertTable(
                            spec.commandLine().getColorScheme().ansi(), ZoneId.systemDefault(), Instant.now())
                    .of(alerts));
            troubles().forEach(out::println);
        }
        out.flush();
        boolean fires = alerts.stream().anyMatch(a -> a.path("status").asString("").equals("firing"));
        return check && fires ? ExitCode.NO : ExitCode.WELL;
    }

    /** Channels that take nothing: who looks here because nobody was told should see why. */
    private List<String> troubles() {
        return daemon.get("status").path("troubles").valueStream()
                .filter(t -> t.path("status").asString("").equals("firing"))
                .map(t -> "NOTICES      " + t.path("message").asString("") + ": " + t.path("evidence").asString(""))
                .toList();
    }

    /** The id of the one open alert that is meant: by its id, the beginning of one, or its probe's name. */
    static String meant(DaemonClient daemon, String given) {
        var found = new TreeSet<String>();
        for (JsonNode alert : daemon.get("alerts")) {
            String id = alert.path("id").asString("");
            boolean open = !alert.path("status").asString("").equals("resolved");
            if (open && id.equals(given)) {
                return id;
            }
            if (open && (id.startsWith(given) || alert.path("probe").asString("").equals(given))) {
                found.add(id);
            }
        }
        if (found.size() == 1) {
            return found.first();
        }
        throw new UserError(
                found.isEmpty()
                        ? "no open alert is meant by \"" + given + "\"; gatewatch alerts shows them"
                        : "\"" + given + "\" means several alerts; say which: " + String.join(", ", found));
    }
}
