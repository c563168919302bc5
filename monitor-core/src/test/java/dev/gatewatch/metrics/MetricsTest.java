package dev.gatewatch.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatewatch.kit.Components;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.view.Bands;
import dev.gatewatch.view.BaselineView;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetricsTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Series EU = new Series("checkout", "eu", "dc1");
    private static final Series AP = new Series("checkout", "ap", "dc1");
    private static final List<FactSpec> FACTS = List.of(
            FactSpec.gauge("status", "probe_http_status_code", "our words"),
            FactSpec.gauge("tls", "probe_http_ssl", "our words"),
            FactSpec.gauge("expires", "probe_ssl_earliest_cert_expiry", "our words"),
            FactSpec.gauge("quota", "probe_quota_left", "What is left"),
            FactSpec.info("tls_version", "probe_tls_version_info", "version", "our words"),
            FactSpec.info(
                    "leaf",
                    "probe_ssl_last_chain_info",
                    List.of("subject", "issuer"),
                    List.of("subject", "issuer"),
                    "our words"),
            FactSpec.infoFamily("expect", "probe_expect_info", "our words"),
            FactSpec.plain("address", "The address"));

    private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(Snapshot.empty(NOW));
    private final AtomicReference<ConfigStatus> configuration =
            new AtomicReference<>(new ConfigStatus(List.of("a.yml"), NOW, NOW, true, List.of()));
    private final Metrics metrics = new Metrics("1.2.3", snapshot::get, configuration::get);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void theLastRunOfEachSeriesIsShownUnderBlackboxNames() {
        show(
                view(EU, Map.of("team", "core"), passing(EU)),
                view(AP, Map.of("team", "core"), failing(AP)));

        Scraped s = Scraped.of(metrics);

        record Row(String metric, double value, String... labels) {}
        for (Row row : List.of(
                new Row("probe_success", 1, "region", "eu"),
                new Row("probe_success", 0, "region", "ap"),
                new Row("probe_duration_seconds", 0.0125, "region", "eu", "probe", "checkout", "type", "http"),
                new Row("probe_timeout_seconds", 5, "region", "eu", "target", "https://eu.example.com/"),
                new Row("probe_http_duration_seconds", 0.002, "region", "eu", "phase", "resolve"),
                new Row("probe_http_duration_seconds", 0.01, "region", "eu", "phase", "processing"),
                new Row("probe_http_status_code", 200, "region", "eu", "location", "dc1", "team", "core"),
                new Row("probe_http_status_code", 503, "region", "ap"),
                new Row("probe_http_ssl", 1, "region", "eu"),
                new Row("probe_http_ssl", 0, "region", "ap"),
                new Row("probe_ssl_earliest_cert_expiry", 1_800_000_000, "region", "eu"),
                new Row("probe_quota_left", 0.25, "region", "eu"),
                new Row("probe_tls_version_info", 1, "region", "eu", "version", "TLS 1.3"),
                new Row("probe_ssl_last_chain_info", 1, "region", "eu", "subject", "CN=a,O=\\\"b\\\"", "issuer", ""),
                new Row("gatewatch_latency_usual_seconds", 0.011, "region", "eu"))) {
            assertThat(s.value(row.metric(), row.labels())).as(row.metric()).isCloseTo(row.value(), within(1e-12));
        }
        assertThat(s.named("probe_tls_version_info")).as("ap knows no version").hasSize(1);
        assertThat(s.text()).doesNotContain("address");
    }

    @Test
    void textsThatTheConfigurationNamesAreTheLabelsOfOneInfoMetric() {
        Report.Builder report = Report.builder()
                .fact("expect.version", "OpenSSH_9.2")
                .fact("expect.os", "Debian")
                .fact("expect.probe", "no other label's name")
                .fact("expect.no-name", "no label name");
        show(view(EU, Map.of(), result(EU, report)), view(AP, Map.of(), result(AP, Report.builder())));

        Scraped s = Scraped.of(metrics);

        assertThat(s.named("probe_expect_info")).as("one without facts has none").hasSize(1);
        assertThat(s.value("probe_expect_info", "version", "OpenSSH_9.2", "os", "Debian", "probe", "checkout", "region", "eu"))
                .isEqualTo(1);
        assertThat(s.text()).doesNotContain("no label name");
    }

    @Test
    void helpTextsAreBlackboxsWhereItHasThem() {
        show(view(EU, Map.of(), passing(EU)));

        Scraped s = Scraped.of(metrics);

        assertThat(s.help())
                .containsEntry("probe_success", "Displays whether or not the probe was a success")
                .containsEntry("probe_http_duration_seconds", "Duration of http request by phase, summed over all redirects")
                .containsEntry("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime")
                .containsEntry("probe_quota_left", "What is left");
        s.samples().forEach(sample -> assertThat(s.type())
                .as(sample.name())
                .containsKey(sample.name().replaceFirst("_(bucket|count|sum)$", "")));
        assertThat(s.help().keySet()).isEqualTo(s.type().keySet());
    }

    @ParameterizedTest
    @CsvSource({"pass,1", "degraded,1", "fail,0", "broken,0"})
    void onlyPassAndDegradedAreSuccess(String outcome, double success) {
        show(view(EU, Map.of(), result(EU, switch (outcome) {
            case "degraded" -> Report.builder().degraded(Cause.LATENCY_HIGH, "slow");
            case "fail" -> Report.builder().fail(Cause.HTTP_STATUS, "bad");
            case "broken" -> Report.builder().broken(Cause.INTERNAL_ERROR, "bug");
            default -> Report.builder();
        })));

        assertThat(Scraped.of(metrics).value("probe_success")).isEqualTo(success);
    }

    @Test
    void aSeriesThatHasNotRunShowsNoOutcome() {
        show(view(EU, Map.of(), null));

        Scraped s = Scraped.of(metrics);

        assertThat(s.named("probe_success")).isEmpty();
        assertThat(s.value("probe_timeout_seconds")).isEqualTo(5);
    }

    @Test
    void labelsOfTheUserBecomeWhatPrometheusTakes() {
        var labels = new LinkedHashMap<String, String>();
        labels.put("team", "core");
        labels.put("cost-centre", "7");
        labels.put("cost.centre", "8");
        labels.put("target", "mine");
        labels.put("phase", "beta");
        labels.put("version", "v2");
        labels.put("__name__", "evil");
        labels.put("9lives", "cat");
        labels.put("日本", "\"\\\n");
        labels.put("", "nameless");
        show(view(EU, labels, passing(EU)), view(AP, Map.of(), passing(AP)));

        Map<String, String> shown = Scraped.of(metrics).named("probe_success").stream()
                .filter(s -> s.labels().get("region").equals("eu"))
                .findFirst()
                .orElseThrow()
                .labels();

        assertThat(shown)
                .containsEntry("team", "core")
                .containsEntry("cost_centre", "7")
                .containsEntry("exported_cost_centre", "8")
                .containsEntry("target", "https://eu.example.com/")
                .containsEntry("exported_target", "mine")
                .containsEntry("exported_phase", "beta")
                .containsEntry("exported_version", "v2")
                .containsEntry("label__name__", "evil")
                .containsEntry("_9lives", "cat")
                .containsValue("\\\"\\\\\\n")
                .hasSize(5 + labels.size());
    }

    @Test
    void aRemovedSeriesDisappearsWithinAScrape() {
        show(view(EU, Map.of(), passing(EU)), view(AP, Map.of(), passing(AP)));
        metrics.ran(passing(AP), Duration.ZERO);
        assertThat(Scraped.of(metrics).value("probe_success", "region", "ap")).isEqualTo(1);

        show(view(EU, Map.of(), passing(EU)));

        assertThat(Scraped.of(metrics).named("probe_success")).hasSize(1);
        assertThat(Scraped.of(metrics).text()).doesNotContain("region=\"ap\"");
    }

    @Test
    void aRunBeforeItsSeriesIsInTheSnapshotIsNotForgotten() {
        metrics.ran(passing(EU), Duration.ZERO);
        Scraped.of(metrics);
        show(view(EU, Map.of(), passing(EU)));
        metrics.ran(passing(EU), Duration.ZERO);

        assertThat(Scraped.of(metrics).value("gatewatch_runs_total", "region", "eu")).isEqualTo(2);
    }

    @Test
    void runsAreCountedByOutcomeAndCause() {
        show(view(EU, Map.of(), passing(EU)), view(AP, Map.of(), failing(AP)));
        metrics.ran(passing(EU), Duration.ofMillis(3));
        metrics.ran(passing(EU), Duration.ofMillis(30));
        metrics.ran(failing(AP), Duration.ofMillis(-1));
        metrics.skipped(AP);
        metrics.dropped(7);
        metrics.delivery("ops", "delivered");
        metrics.delivery("ops", "retry");
        metrics.delivery("ops", "retry");
        metrics.gauge("gatewatch_journal_queue_results", "Results that wait to be kept", () -> 42);

        Scraped s = Scraped.of(metrics);

        assertThat(s.value("gatewatch_runs_total", "region", "eu", "outcome", "pass", "cause", "", "type", "http"))
                .isEqualTo(2);
        assertThat(s.value("gatewatch_runs_total", "region", "ap", "outcome", "fail", "cause", "http_status"))
                .isEqualTo(1);
        assertThat(s.value("gatewatch_run_duration_seconds_count", "region", "eu")).isEqualTo(2);
        assertThat(s.value("gatewatch_run_duration_seconds_bucket", "region", "eu", "le", "0.05")).isEqualTo(2);
        assertThat(s.value("gatewatch_run_duration_seconds_bucket", "region", "eu", "le", "0.01")).isEqualTo(0);
        assertThat(s.value("gatewatch_schedule_lateness_seconds_bucket", "le", "0.005")).isEqualTo(2);
        assertThat(s.value("gatewatch_schedule_lateness_seconds_count")).isEqualTo(3);
        assertThat(s.value("gatewatch_skipped_runs_total", "region", "ap")).isEqualTo(1);
        assertThat(s.value("gatewatch_dropped_results_total")).isEqualTo(7);
        assertThat(s.value("gatewatch_deliveries_total", "channel", "ops", "outcome", "retry")).isEqualTo(2);
        assertThat(s.value("gatewatch_journal_queue_results")).isEqualTo(42);
        assertThat(s.type()).containsEntry("gatewatch_run_duration_seconds", "histogram").containsEntry("gatewatch_runs_total", "counter");
    }

    @Test
    void theDaemonsOwnStateIsShown() {
        var alert = new AlertView(
                "1", "f", "down", EU, "http", "t", AlertView.Severity.CRITICAL, AlertView.State.FIRING, Cause.HTTP_STATUS, "m", "", NOW,
                Optional.of(NOW), Optional.empty(), "", new LinkedHashMap<>(), new LinkedHashMap<>());
        snapshot.set(new Snapshot(
                NOW,
                List.of(),
                List.of(alert),
                List.of(new ChannelView("ops", "slack", "", 3, 10, 1, "answered 500", Optional.empty()))));
        configuration.set(new ConfigStatus(List.of("a.yml"), NOW, NOW.plusSeconds(60), false, List.of("bad")));

        Scraped s = Scraped.of(metrics);

        assertThat(s.value("gatewatch_alerts", "state", "firing", "severity", "critical")).isEqualTo(1);
        assertThat(s.value("gatewatch_alerts", "state", "pending", "severity", "info")).isZero();
        assertThat(s.value("gatewatch_outbox_notices", "channel", "ops")).isEqualTo(3);
        assertThat(s.value("gatewatch_channel_failing", "channel", "ops")).isEqualTo(1);
        assertThat(s.value("gatewatch_config_last_reload_successful")).isZero();
        assertThat(s.value("gatewatch_config_last_reload_success_timestamp_seconds")).isEqualTo(NOW.getEpochSecond());
        assertThat(s.value("gatewatch_build_info", "version", "1.2.3")).isEqualTo(1);
        assertThat(s.value("process_cpu_seconds_total")).isPositive();
        assertThat(s.named("jvm_memory_used_bytes")).isNotEmpty();
    }

    @Test
    void openMetricsIsSpokenWhereItIsAskedFor() {
        show(view(EU, Map.of(), passing(EU)));

        assertThat(metrics.scrape("application/openmetrics-text;version=1.0.0").contentType())
                .startsWith("application/openmetrics-text");
        assertThat(Scraped.text(metrics, "application/openmetrics-text;version=1.0.0"))
                .contains("# TYPE probe_tls_version info", "probe_tls_version_info{")
                .endsWith("# EOF\n");
        for (String accept : List.of("", "*/*", "text/plain", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", "nonsense;;=,")) {
            assertThat(metrics.scrape(accept).contentType()).as(accept).startsWith("text/plain; version=0.0.4");
        }
    }

    @Test
    void twoScrapesOfOneSnapshotShareTheWork() {
        show(IntStream.range(0, 1_000)
                .mapToObj(i -> new Series("probe-" + i, "", "dc1"))
                .map(s -> view(s, Map.of("team", "core"), passing(s)))
                .toArray(SeriesView[]::new));
        var collector = new SnapshotCollector(snapshot::get);

        var first = collector.collect();

        assertThat(collector.collect()).isSameAs(first);
        show(view(EU, Map.of(), passing(EU)));
        assertThat(collector.collect()).isNotSameAs(first);
    }

    @Test
    void whatIsUsualIsAGaugeOfEachBound() {
        show(learnt(EU));

        String text = Scraped.of(metrics).text();

        String series = "location=\"" + EU.location() + "\",probe=\"" + EU.probe() + "\",";
        assertThat(text)
                .contains(
                        "gatewatch_baseline_latency_seconds{bound=\"lower\"," + series + "region=\"eu\"} 0.18",
                        "gatewatch_baseline_latency_seconds{bound=\"middle\"," + series + "region=\"eu\"} 0.21",
                        "gatewatch_baseline_latency_seconds{bound=\"upper\"," + series + "region=\"eu\"} 0.26",
                        "gatewatch_baseline_score{" + series + "quantity=\"latency\",region=\"eu\"} 1.2",
                        "gatewatch_baseline_score{" + series + "quantity=\"phase.connect\",region=\"eu\"} -0.3",
                        "gatewatch_baseline_state{" + series + "quantity=\"latency\",region=\"eu\",state=\"shifted\"} 1",
                        "gatewatch_baseline_state{" + series + "quantity=\"latency\",region=\"eu\",state=\"ready\"} 0",
                        "gatewatch_baseline_drift_ratio{" + series + "region=\"eu\"} 1.32");
    }

    private static SeriesView learnt(Series series) {
        SeriesView plain = view(series, Map.of(), passing(series));
        var latency = new BaselineView(
                "latency",
                BaselineView.State.SHIFTED,
                1.2,
                Optional.of(new BaselineView.Band(180, 210, 260)),
                Optional.of(new BaselineView.Shift(NOW, 1.38)),
                Optional.of(1.32),
                "",
                Bands.NONE);
        var phase = new BaselineView(
                "phase.connect",
                BaselineView.State.LEARNING,
                -0.3,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Bands.NONE);
        return new SeriesView(
                plain.series(),
                plain.type(),
                plain.target(),
                plain.labels(),
                plain.interval(),
                plain.timeout(),
                plain.last(),
                plain.stateSince(),
                plain.recent(),
                plain.usual(),
                plain.facts(),
                plain.phaseMetric(),
                List.of(latency, phase));
    }

    @Test
    void promtoolFindsNothingToSay() throws Exception {
        String promtool = Components.require("promtool").toString();
        show(view(EU, Map.of("team", "core"), passing(EU)), view(AP, Map.of(), failing(AP)), learnt(new Series("learnt", "eu", "dc1")));
        metrics.ran(passing(EU), Duration.ofMillis(3));
        metrics.skipped(EU);
        metrics.delivery("ops", "delivered");
        metrics.gauge("gatewatch_journal_queue_results", "Results that wait to be kept", () -> 42);

        Process check = new ProcessBuilder(promtool, "check", "metrics").redirectErrorStream(true).start();
        try (var in = check.getOutputStream()) {
            in.write(Scraped.of(metrics).text().getBytes(StandardCharsets.UTF_8));
        }

        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(check.waitFor()).isZero();
    }

    private void show(SeriesView... views) {
        snapshot.set(new Snapshot(NOW, List.of(views), List.of(), List.of()));
    }

    private static SeriesView view(Series series, Map<String, String> labels, Result last) {
        return new SeriesView(
                series,
                "http",
                "https://" + series.region() + ".example.com/",
                new LinkedHashMap<>(labels),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Optional.ofNullable(last),
                Optional.ofNullable(last).map(Result::startedAt),
                new ArrayList<>(),
                Optional.of(Duration.ofMillis(11)),
                FACTS,
                Optional.of("probe_http_duration_seconds"));
    }

    private static Result passing(Series series) {
        return result(
                series,
                Report.builder()
                        .phase("resolve", Duration.ofMillis(2))
                        .phase("processing", Duration.ofMillis(10))
                        .fact("status", 200)
                        .fact("tls", true)
                        .fact("expires", 1_800_000_000)
                        .fact("quota", 0.25)
                        .fact("tls_version", "TLS 1.3")
                        .fact("subject", "CN=a,O=\"b\"")
                        .fact("address", "192.0.2.1"));
    }

    private static Result failing(Series series) {
        return result(
                series,
                Report.builder().fact("status", 503).fact("tls", false).fail(Cause.HTTP_STATUS, "status 503"));
    }

    private static Result result(Series series, Report.Builder report) {
        return new Result(series, "http", "t", NOW.minusSeconds(3), Duration.ofNanos(12_500_000), report.build());
    }
}
