package dev.gatewatch.cli;

import dev.gatewatch.backtest.AlertsCsv;
import dev.gatewatch.backtest.Backtest;
import dev.gatewatch.backtest.Comparison;
import dev.gatewatch.backtest.CsvSource;
import dev.gatewatch.backtest.Findings;
import dev.gatewatch.backtest.FindingsJson;
import dev.gatewatch.backtest.FindingsText;
import dev.gatewatch.backtest.Interrupted;
import dev.gatewatch.backtest.JournalSource;
import dev.gatewatch.backtest.Output;
import dev.gatewatch.backtest.PrometheusSource;
import dev.gatewatch.backtest.ReportPage;
import dev.gatewatch.backtest.Setup;
import dev.gatewatch.backtest.Source;
import dev.gatewatch.backtest.Unusable;
import dev.gatewatch.config.Durations;
import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.store.JournalReader;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gatewatch backtest}. */
@Command(
        name = "backtest",
        description = {
            "Plays history to the daemon's own judges and shows which alerts would have fired, when and why. Probes nothing and tells nobody.",
            "",
            "History is a CSV file (plain or gzip; - for standard input) whose first line names its columns: timestamp_ms, probe, latency_ms"
                    + " and ok (1 or 0) or outcome (pass, degraded, fail, broken) are needed; region, location, type, cause, message, status and facts"
                    + " (fact_NAME) may be there."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A configuration without probes judges every series of the history by its rules. One with probes judges those; any other series is"
                    + " a mistake, unless --probes-from-data or --skip-unknown say what to do with it.",
            "",
            "Examples:",
            "  gatewatch backtest --config gatewatch.yml --from results.csv.gz --report out.html",
            "  gatewatch backtest --config now.yml --compare then.yml --from results.csv",
            "  gatewatch backtest --config rules.yml --from prometheus http://127.0.0.1:9090 --last 30d",
            "  gatewatch backtest --config gatewatch.yml --from journal --last 7d"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:history was played (whether or not alerts would have fired)",
            "2:bad usage, or a configuration or the history cannot be used",
            "130:interrupted; no file was written"
        })
final class BacktestCommand implements Callable<Integer> {
    private static final int MOST_THREADS = 16;
    private static final Duration MONTH = Duration.ofDays(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "A file or folder; several are one configuration together.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<Path> config;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description = "Another configuration: shows which alerts only one of the two has, and which come at other times. Alerts are the same"
                    + " one when rule and series are the same and their times touch.")
    private List<Path> compare = new ArrayList<>();

    @Option(
            names = "--from",
            required = true,
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "SOURCE [URL]",
            description = {
                "The history: a FILE; or prometheus and its URL, asked for --last; or journal, that of the configuration's own store, which is"
                        + " only read, also while the daemon runs.",
                "Of a Prometheus, series are told by the labels probe, region and location where they have them (Gatewatch's metrics), else by"
                        + " instance and job (blackbox_exporter's)."
            })
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> from;

    @Option(
            names = "--last",
            paramLabel = "TIME",
            description = "How much history to take of a Prometheus (default 30d) or the journal (default: all).")
    private @Nullable String last;

    @Option(
            names = "--step",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "Prometheus: time between runs, as its scrape interval is. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String step;

    @Option(
            names = "--query-latency",
            paramLabel = "PROMQL",
            description = "Prometheus: seconds that a run took. Default: last_over_time(probe_duration_seconds[STEP]).")
    private @Nullable String queryLatency;

    @Option(
            names = "--query-success",
            paramLabel = "PROMQL",
            description = "Prometheus: 1 for a run that passed, with the same labels. Default: last_over_time(probe_success[STEP]).")
    private @Nullable String querySuccess;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Prometheus: a file with the bearer token to send.")
    private @Nullable Path tokenFile;

    @Option(names = "--report", paramLabel = "FILE", description = "Write a page with pictures (HTML, in one file).")
    private @Nullable Path report;

    @Option(names = "--alerts", paramLabel = "FILE", description = "Write all alerts as CSV.")
    private @Nullable Path alerts;

    @Option(
            names = "--scores",
            paramLabel = "FILE",
            description = "Write each run's score and whether an alert of its series fires, as CSV: timestamp_ms,probe,score,alert. The score is the"
                    + " decimal logarithm of the days between two false alarms that one who alarmed at it would have.")
    private @Nullable Path scores;

    @Option(names = "--json", description = "Print all that was found as JSON.")
    private boolean json;

    @Option(names = "--probes-from-data", description = "Judge series that the configuration does not have, by the rules that select them.")
    private boolean probesFromData;

    @Option(names = "--skip-unknown", description = "Leave series out that the configuration does not have.")
    private boolean skipUnknown;

    @Option(names = "--skip-unreadable", description = "Leave lines out that cannot be read, rather than stop at the first.")
    private boolean skipUnreadable;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            description = "Time between runs of series that the configuration does not have. Default: what their first runs show.")
    private @Nullable String interval;

    @Option(
            names = "--reorder",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "By how much a run of a series may come late in the history. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String reorder;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Whose days and weeks baselines follow, such as Europe/Berlin. Default: this machine's, as the daemon does.")
    private @Nullable String zone;

    @Option(names = "--threads", paramLabel = "N", description = "On how many threads to judge. Default: one a processor.")
    private int threads;

    @Override
    public Integer call() throws IOException {
        try {
            return run();
        } catch (Unusable e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    private int run() throws IOException {
        if (probesFromData && skipUnknown) {
            throw new UserError("--probes-from-data and --skip-unknown exclude each other");
        }
        ZoneId of = zone();
        var sides = new ArrayList<Setup.Side>();
        Configuration first = read(config);
        sides.add(side(config, first));
        if (!compare.isEmpty()) {
            sides.add(side(compare, read(compare)));
        }
        var setup = new Setup(
                sides,
                probesFromData ? Setup.Unknown.JUDGED : skipUnknown ? Setup.Unknown.LEFT_OUT : Setup.Unknown.REFUSED,
                Optional.ofNullable(interval).map(text -> duration("--interval", text)),
                duration("--reorder", reorder),
                of,
                threads > 0
                        ? Math.min(threads, MOST_THREADS)
                        : Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS));
        try (var stop = new Stop();
                Source source = source(first);
                Outputs outputs = new Outputs()) {
            Findings findings;
            try (var progress = new ProgressLine(spec.commandLine().getErr(), isTerminal(), System::nanoTime)) {
                findings = new Backtest(setup, progress, stop::asked).run(source, outputs.scores.map(Output::writer), report != null);
            } catch (Interrupted _) {
                spec.commandLine().getErr().println("gatewatch: interrupted; no file was written");
                spec.commandLine().getErr().flush();
                return ExitCode.INTERRUPTED;
            }
            Optional<Comparison> comparison = comparison(findings);
            outputs.keep(findings, comparison, of);
            print(findings, comparison, of);
        }
        return ExitCode.WELL;
    }

    private ZoneId zone() {
        if (zone == null) {
            return ZoneId.systemDefault();
        }
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException _) {
            throw new UserError("--zone: \"" + zone + "\" is no time zone; write one as Europe/Berlin or UTC");
        }
    }

    private static Duration duration(String option, String text) {
        return Durations.parse(text)
                .filter(d -> !d.isNegative() && d.compareTo(Duration.ofDays(366)) <= 0)
                .orElseThrow(() -> new UserError(option + ": \"" + text + "\" is no duration; write one as 90s, 10m or 30d"));
    }

    private Configuration read(List<Path> files) {
        Configuration.Attempt attempt = Configuration.read(files, System.getenv());
        return attempt.configuration().orElseThrow(() -> {
            // warnings of a configuration that can be used are check-config's: many speak of what has no part in judging
            attempt.lines().forEach(spec.commandLine().getErr()::println);
            return new UserError("the configuration " + names(files) + " cannot be used");
        });
    }

    private static String names(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(" + "));
    }

    /** What of a configuration judges; its probes never run. */
    private static Setup.Side side(List<Path> files, Configuration configuration) {
        configuration.close();
        if (configuration.rules().isEmpty()) {
            throw new UserError(names(files) + " has no rules, so no alert would ever have fired");
        }
        return new Setup.Side(
                names(files),
                configuration.plan(),
                configuration.rules(),
                configuration.maintenance(),
                configuration.location());
    }

    private Source source(Configuration first) throws IOException {
        String what = from.getFirst();
        boolean prometheus = what.equals("prometheus");
        if (from.size() != (prometheus ? 2 : 1)) {
            throw new UserError(
                    prometheus
                            ? "--from prometheus needs its address, as http://127.0.0.1:9090"
                            : "--from: \"" + from.getLast() + "\" is one too many");
        }
        if (prometheus) {
            return prometheus(from.getLast());
        }
        if (what.equals("journal")) {
            Instant since = last == null ? Instant.EPOCH : Instant.now().minus(duration("--last", last));
            return new JournalSource(JournalReader.open(first.store(), first.baseDirectory()), since);
        }
        if (last != null) {
            throw new UserError("--last goes with prometheus and journal; a file is taken as a whole");
        }
        return what.equals("-")
                ? CsvSource.of("standard input", System.in, skipUnreadable)
                : CsvSource.open(Path.of(what), skipUnreadable);
    }

    private Source prometheus(String address) throws IOException {
        Duration every = duration("--step", step);
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new UserError("--step: at least 1s");
        }
        Instant now = Instant.now();
        return new PrometheusSource(new PrometheusSource.Query(
                uri(address),
                queryLatency == null ? PrometheusSource.Query.of("probe_duration_seconds", every) : queryLatency,
                querySuccess == null ? PrometheusSource.Query.of("probe_success", every) : querySuccess,
                now.minus(last == null ? MONTH : duration("--last", last)),
                now,
                every,
                tokenFile == null ? Optional.empty() : Optional.of(token(tokenFile))));
    }

    private static URI uri(String address) {
        try {
            var uri = new URI(address);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null && uri.getRawQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // told below
        }
        throw new UserError("\"" + address + "\" is no address of a Prometheus; write it as http://127.0.0.1:9090");
    }

    private static String token(Path file) throws IOException {
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new UserError("--token-file: " + file + " holds no token");
            }
            return token;
        } catch (NoSuchFileException _) {
            throw new UserError("--token-file: there is no file " + file);
        } catch (AccessDeniedException _) {
            throw new UserError("--token-file: no permission to read " + file);
        }
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    private void print(Findings findings, Optional<Comparison> comparison, ZoneId zone) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(FindingsJson.of(findings, comparison));
        } else {
            out.print(FindingsText.of(findings, comparison, zone));
            written().forEach(file -> out.println("wrote " + file));
        }
        out.flush();
    }

    private List<Path> written() {
        return Stream.of(report, alerts, scores).filter(Objects::nonNull).toList();
    }

    private static Optional<Comparison> comparison(Findings findings) {
        return findings.sides().size() < 2
                ? Optional.empty()
                : Optional.of(Comparison.of(findings.sides().getFirst(), findings.sides().getLast(), findings.to()));
    }

    /** The files to be written; opened before the work begins, as a mistake should show then. */
    private final class Outputs implements AutoCloseable {
        private final List<Output> all = new ArrayList<>();
        private final Optional<Output> report;
        private final Optional<Output> alerts;
        private final Optional<Output> scores;

        Outputs() throws IOException {
            report = open(BacktestCommand.this.report);
            alerts = open(BacktestCommand.this.alerts);
            scores = open(BacktestCommand.this.scores);
        }

        private Optional<Output> open(@Nullable Path file) throws IOException {
            if (file == null) {
                return Optional.empty();
            }
            try {
                Output output = Output.to(file);
                all.add(output);
                return Optional.of(output);
            } catch (Unusable e) {
                close();
                throw e;
            }
        }

        void keep(Findings findings, Optional<Comparison> comparison, ZoneId zone) throws IOException {
            if (report.isPresent()) {
                report.get().writer().write(ReportPage.of(findings, comparison, zone));
            }
            if (alerts.isPresent()) {
                AlertsCsv.write(findings, alerts.get().writer());
            }
            for (Output output : all) {
                output.keep();
            }
        }

        @Override
        public void close() throws IOException {
            for (Output output : all) {
                output.close();
            }
        }
    }

    /** Ctrl-C and SIGTERM: the process stays until what it does is undone. */
    private static final class Stop implements AutoCloseable {
        private final CountDownLatch done = new CountDownLatch(1);
        private final Thread hook = new Thread(this::ask, "backtest-stop");
        private volatile boolean asked;

        Stop() {
            Runtime.getRuntime().addShutdownHook(hook);
        }

        private void ask() {
            asked = true;
            try {
                var _ = done.await(2, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        boolean asked() {
            return asked;
        }

        @Override
        public void close() {
            done.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException _) {
                // the process ends already
            }
        }
    }
}
