package dev.gatewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.SqliteStore;
import dev.gatewatch.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The command line of back-tests. */
final class BacktestCommandTest {
    private static final String RULES = "rules: [{name: down, when: {failures: 3}, severity: critical}]\n";

    @TempDir
    Path folder;

    private Path rules;
    private Path results;

    /** How a command ended, and what it said. */
    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        rules = Files.writeString(folder.resolve("rules.yml"), RULES);
        var lines = new StringBuilder("timestamp_ms,probe,latency_ms,ok\n");
        for (int i = 0; i < 60; i++) {
            lines.append(1_767_225_600_000L + i * 60_000L).append(",shop,20,").append(i >= 20 && i < 25 ? 0 : 1).append('\n');
        }
        results = Files.writeString(folder.resolve("results.csv"), lines);
    }

    @Test
    void itShowsWhatWouldHaveFiredAndWritesItDown() throws IOException {
        Path report = folder.resolve("out.html");
        Path alerts = folder.resolve("alerts.csv");
        Path scores = folder.resolve("scores.csv");
        Ended ended = run(
                "--config", rules.toString(), "--from", results.toString(), "--report", report.toString(),
                "--alerts", alerts.toString(), "--scores", scores.toString(), "--zone", "UTC");

        assertThat(ended.code()).isEqualTo(ExitCode.WELL);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out())
                .contains("60 runs of 1 series, 2026-01-01 00:00:00 to 2026-01-01 00:59:00 (59 min)")
                .contains("1 alert, ")
                .contains("2026-01-01 00:22:00  3 min  down  shop: 3 runs in a row failed")
                .contains("wrote " + report);
        assertThat(report).content().contains("<svg");
        assertThat(alerts).content().contains(rules + ",down,critical,shop,,local,2026-01-01T00:20:00Z,2026-01-01T00:22:00.020Z,2026-01-01T00:25:00.020Z,180,http_status,");
        assertThat(Files.readAllLines(scores)).hasSize(61);
        assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void jsonIsAllThatIsPrinted() {
        Ended ended = run("--config", rules.toString(), "--from", results.toString(), "--json");

        assertThat(JsonMapper.shared().readTree(ended.out()).path("configurations").path(0).path("alerts").path(0).path("rule").asString())
                .isEqualTo("down");
    }

    @Test
    void twoConfigurationsAreCompared() throws IOException {
        Path other = Files.writeString(folder.resolve("other.yml"), RULES.replace("3", "6"));
        Ended ended = run("--config", rules.toString(), "--compare", other.toString(), "--from", results.toString());

        assertThat(ended.out()).contains("same in both: 0; only " + rules + ": 1; only " + other + ": 0; at other times: 0");
    }

    @Test
    void theJournalOfARunningDaemonIsReadAndLeftAlone() throws IOException {
        Path config = Files.writeString(
                folder.resolve("gatewatch.yml"),
                "probes: [{name: shop, type: http, url: \"http://192.0.2.1/\", interval: 1m}]\n" + RULES);
        try (var store = SqliteStore.open(StoreSettings.defaults(), folder)) {
            var runs = new ArrayList<Result>();
            for (int i = 0; i < 30; i++) {
                Report report = i >= 10 && i < 15
                        ? Report.builder().fail(Cause.CONNECT_TIMEOUT, "no answer").build()
                        : Report.builder().build();
                runs.add(new Result(
                        new Series("shop", "", "local"),
                        "http",
                        "x",
                        Instant.now().minus(Duration.ofMinutes(60 - i)),
                        Duration.ofMillis(20),
                        report));
            }
            store.journal().append(runs);

            Ended all = run("--config", config.toString(), "--from", "journal");
            assertThat(all.err()).isEmpty();
            assertThat(all.out()).contains("30 runs of 1 series").contains("down  shop: 3 runs in a row failed: no answer");
            assertThat(run("--config", config.toString(), "--from", "journal", "--last", "40m").out()).contains("0 alerts");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock = """
                    --from results.csv --last 3d               | --last goes with prometheus and journal
                    --from prometheus                          | needs its address
                    --from prometheus nowhere                  | "nowhere" is no address of a Prometheus
                    --from results.csv more                    | "more" is one too many
                    --from none.csv                            | none.csv: there is no such file
                    --from results.csv --zone Moon             | "Moon" is no time zone
                    --from results.csv --interval often        | --interval: "often" is no duration
                    --from results.csv --report no/out.html    | cannot write
                    --from results.csv --probes-from-data --skip-unknown | exclude each other
                    --from journal                             | there is no store
                    """)
    void mistakesAreToldInALine(String options, String told) {
        var args = new ArrayList<String>();
        args.add("--config");
        args.add(rules.toString());
        for (String option : options.split(" +")) {
            args.add(option.endsWith(".csv") || option.endsWith(".html") ? folder.resolve(option).toString() : option);
        }
        Ended ended = run(args.toArray(String[]::new));

        assertThat(ended.code()).isEqualTo(ExitCode.FAULT);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("gatewatch: ").contains(told).hasLineCount(1);
    }

    @Test
    void aConfigurationThatCannotBeUsedIsToldWithAllItsProblems() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.yml"), "rules: [{name: down, wen: {failures: 3}}]\n");
        Ended ended = run("--config", bad.toString(), "--from", results.toString());

        assertThat(ended.code()).isEqualTo(ExitCode.FAULT);
        assertThat(ended.err()).contains("wen").contains("gatewatch: the configuration " + bad + " cannot be used");
    }

    @Test
    void whatWasThereIsKeptWhereTheHistoryIsBad() throws IOException {
        Path alerts = Files.writeString(folder.resolve("alerts.csv"), "of yesterday");
        Files.writeString(results, Files.readString(results) + "nonsense\n");
        Ended ended = run("--config", rules.toString(), "--from", results.toString(), "--alerts", alerts.toString());

        assertThat(ended.code()).isEqualTo(ExitCode.FAULT);
        assertThat(ended.err()).contains("results.csv, line 62: has 1 fields, the first line names 4");
        assertThat(alerts).hasContent("of yesterday");
        assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".part"));
    }

    private static Ended run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<String>();
        all.add("backtest");
        all.addAll(List.of(args));
        int code = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(all.toArray(String[]::new));
        return new Ended(code, out.toString(), err.toString());
    }
}
