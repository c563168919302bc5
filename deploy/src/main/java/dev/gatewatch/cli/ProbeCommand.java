package dev.gatewatch.cli;

import dev.gatewatch.config.Durations;
import dev.gatewatch.daemon.AdHocProbe;
import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.diagnosis.AtOnce;
import dev.gatewatch.diagnosis.Diagnosis;
import dev.gatewatch.engine.OneRun;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.ResultJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatewatch probe}. */
@Command(
        name = "probe",
        description = "Runs one probe now and shows where its time went and what is wrong.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  gatewatch probe https://gateway.example.com/health",
            "  gatewatch probe dns:gateway.example.com@9.9.9.9",
            "  gatewatch probe tls:gateway.example.com:443",
            "  gatewatch probe tcp:gateway.example.com:443",
            "  gatewatch probe icmp:gateway.example.com",
            "  gatewatch probe grpcs://ledger.example.com:8443",
            "  gatewatch probe --config gatewatch.yml gateway-health"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the run passed",
            "1:it is degraded or failed",
            "2:our own side failed (broken), or bad usage"
        })
final class ProbeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "TARGET",
            description = "With --config a probe's name; without, a URL (http, https, ws, wss, grpc, grpcs), dns:NAME[/TYPE][@SERVER], tls:HOST:PORT, tcp:HOST:PORT or icmp:HOST.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String target;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration that the probe is in: a file or folder; may be given several times.")
    private List<Path> config = new ArrayList<>();

    @Option(names = "--region", paramLabel = "NAME", description = "Only this region of the probe.")
    private @Nullable String region;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "How long the run may take, as 500ms or 10s. Default: the probe's own, or 5s.")
    private @Nullable String timeout;

    @Option(names = "--json", description = "Print the result as JSON, a line for each region.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        List<ProbeSpec> specs = config.isEmpty() ? List.of(adHoc()) : configured();
        try {
            var results = new ArrayList<Result>();
            for (ProbeSpec each : specs) {
                results.add(OneRun.of(each, timeout().orElse(each.timeout()), Clock.systemUTC()));
            }
            // of one region alone nothing can be said about the others
            List<Result> told = region == null ? AtOnce.diagnosed(results, Diagnosis.all()) : results;
            told.forEach(this::print);
            return told.stream().mapToInt(result -> exitCode(result.outcome())).max().orElse(ExitCode.WELL);
        } finally {
            specs.forEach(s -> s.probe().close());
        }
    }

    private ProbeSpec adHoc() {
        if (region != null) {
            throw new UserError("--region goes with --config: a target on the command line has no regions");
        }
        AdHocProbe.Attempt attempt = AdHocProbe.of(target, timeout().orElse(Duration.ofSeconds(5)));
        return attempt.probe().orElseThrow(() -> new UserError(String.join("\n", attempt.problems())));
    }

    private List<ProbeSpec> configured() {
        Configuration.Attempt attempt = Configuration.read(config, System.getenv());
        Configuration configuration = attempt.configuration()
                .orElseThrow(() -> new UserError("the configuration cannot be used:\n" + String.join("\n", attempt.lines())));
        var chosen = new ArrayList<ProbeSpec>();
        for (ProbeSpec each : configuration.plan().probes().values()) {
            boolean wanted = each.series().probe().equals(target)
                    && (region == null || each.series().region().equals(region));
            if (wanted) {
                chosen.add(each);
            } else {
                each.probe().close();
            }
        }
        if (chosen.isEmpty()) {
            var names = configuration.plan().probes().keySet().stream()
                    .map(s -> s.probe())
                    .distinct()
                    .toList();
            throw new UserError("no probe \"" + target + "\"" + (region == null ? "" : " with region \"" + region + "\"") + "; "
                    + dev.gatewatch.config.Suggestions.didYouMean(target, names)
                            .orElse("there are: " + String.join(", ", names)));
        }
        return chosen;
    }

    private Optional<Duration> timeout() {
        return Optional.ofNullable(timeout).map(text -> Durations.parse(text)
                .filter(d -> d.compareTo(Duration.ofMillis(1)) >= 0 && d.compareTo(Duration.ofHours(1)) <= 0)
                .orElseThrow(() -> new UserError("--timeout: expected a duration from 1ms to 1h, as 500ms or 10s, found \"" + text + "\"")));
    }

    private void print(Result result) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ResultJson.toJson(result));
        } else {
            out.println(new Waterfall(Ansi.AUTO).of(result));
        }
        out.flush();
    }

    private static int exitCode(Outcome outcome) {
        return switch (outcome) {
            case PASS -> ExitCode.WELL;
            case DEGRADED, FAIL -> ExitCode.NO;
            case BROKEN -> ExitCode.FAULT;
        };
    }
}
