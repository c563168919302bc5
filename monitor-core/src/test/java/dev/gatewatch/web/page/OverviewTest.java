package dev.gatewatch.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class OverviewTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    static Stream<Arguments> headlines() {
        return Stream.of(
                Arguments.of(List.of(), 0, "No probes are configured", "waiting"),
                Arguments.of(List.of("waiting", "waiting"), 0, "Waiting for the first results", "waiting"),
                Arguments.of(List.of("pass", "waiting"), 0, "All is well", "pass"),
                Arguments.of(List.of("pass", "pass"), 0, "All is well", "pass"),
                Arguments.of(List.of("pass", "degraded"), 0, "Everything answers, 1 less well than it should", "degraded"),
                Arguments.of(List.of("pass", "fail"), 0, "1 probe fails, no alert fires yet", "fail"),
                Arguments.of(List.of("broken", "fail"), 0, "2 probes fail, no alert fires yet", "fail"),
                Arguments.of(List.of("pass", "fail"), 1, "1 alert is firing", "fail"),
                Arguments.of(List.of("pass", "pass"), 2, "2 alerts are firing", "fail"));
    }

    @ParameterizedTest
    @MethodSource("headlines")
    void theHeadlineSaysWhetherAllIsWell(List<String> states, int firing, String headline, String tone) {
        Overview page = Overview.of(
                snapshot(states.stream().map(OverviewTest::view).toList(), firing), Overview.Filter.NONE, NOW);

        assertThat(page.headline()).isEqualTo(headline);
        assertThat(page.tone()).isEqualTo(tone);
    }

    @Test
    void theWorstStandsFirstAndTheRestInTheOrderOfTheConfiguration() {
        Overview page = Overview.of(
                snapshot(Stream.of("pass", "degraded", "waiting", "fail", "broken", "pass").map(OverviewTest::view).toList(), 0),
                Overview.Filter.NONE,
                NOW);

        assertThat(page.probes()).extracting(p -> p.worst().code())
                .containsExactly("fail", "broken", "degraded", "waiting", "pass", "pass");
        assertThat(page.probes().get(4).name()).isLessThan(page.probes().get(5).name());
    }

    @ParameterizedTest
    @CsvSource({"'',fail,1", "'',pass,2", "'',nonsense,0", "status 500,'',1", "HTTP_STATUS,'',1", "team:core,'',3", "zzz,'',0"})
    void theListCanBeNarrowed(String search, String show, int found) {
        var snapshot = snapshot(Stream.of("pass", "fail", "pass").map(OverviewTest::view).toList(), 0);

        assertThat(Overview.of(snapshot, new Overview.Filter(search, show, false), NOW).probes())
                .hasSize(found);
    }

    @Test
    void aLongListIsCutAndSaysSo() {
        var many = IntStream.range(0, 1_000).mapToObj(i -> view(i == 999 ? "fail" : "pass")).toList();

        Overview page = Overview.of(snapshot(many, 0), Overview.Filter.NONE, NOW);

        assertThat(page.probes()).hasSize(Overview.MOST);
        assertThat(page.hidden()).isEqualTo(1_000 - Overview.MOST);
        assertThat(page.probes().getFirst().worst()).as("what fails is never cut").isEqualTo(State.FAIL);
        assertThat(page.allPath()).isEqualTo("/?all=true");
        assertThat(Overview.of(snapshot(many, 0), new Overview.Filter("", "", true), NOW).probes())
                .hasSize(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "-200000,expired 2 days ago,fail", "-3600,expired 1 h ago,fail", "7200,2 h left,fail", "450000,5 days left,fail",
        "700000,8 days left,degraded", "5270400,61 days left,pass", "90000000,1041 days left,pass"
    })
    void certificatesStandByWhatIsLeft(long seconds, String left, String tone) {
        CertificateRow row = CertificateRow.all(List.of(certificate("a", seconds)), NOW).getFirst();

        assertThat(row.left()).isEqualTo(left);
        assertThat(row.tone()).isEqualTo(tone);
        assertThat(row.share()).isBetween(0L, 100L);
    }

    @Test
    void probesThatSeeOneCertificateShareARow() {
        var rows = CertificateRow.all(List.of(certificate("b", 900_000), certificate("a", 900_000), certificate("c", 5)), NOW);

        assertThat(rows).extracting(r -> r.probes().stream().map(CertificateRow.Seen::name).toList())
                .containsExactly(List.of("c"), List.of("b", "a"));
    }

    @Test
    void silenceIsTold() {
        SeriesView quiet = view("pass");

        assertThat(SeriesRow.of(quiet, NOW).silent()).isEmpty();
        assertThat(SeriesRow.of(quiet, NOW.plusSeconds(300)).silent()).isEqualTo("no run for 5 min");
    }

    @Test
    void aSparklineMarksFailuresByMoreThanColour() {
        var points = List.of(point(0, 10, Outcome.PASS), point(1, 5, Outcome.FAIL), point(2, 20, Outcome.PASS));

        String svg = Sparkline.of(points, Optional.of(Duration.ofMillis(10)));

        assertThat(svg).contains("aria-label=\"last 3 runs, 1 failed\"", "<path class=\"fail\" d=\"M175 26V0\"/>", "class=\"usual\"");
        assertThat(Sparkline.of(List.of(), Optional.empty())).contains("no runs yet");
    }

    private static SeriesView.Point point(int i, long millis, Outcome outcome) {
        return new SeriesView.Point(NOW.plusSeconds(i), Duration.ofMillis(millis), outcome);
    }

    private static int names = 100;

    private static SeriesView view(String state) {
        var series = new Series("probe-" + names++, "", "dc1");
        Report.Builder report = Report.builder();
        switch (state) {
            case "fail" -> report.fail(Cause.HTTP_STATUS, "status 500, expected 200");
            case "degraded" -> report.degraded(Cause.LATENCY_HIGH, "slow");
            case "broken" -> report.broken(Cause.INTERNAL_ERROR, "a bug");
            default -> {}
        }
        return view(series, state.equals("waiting") ? Optional.empty() : Optional.of(report.build()), List.of());
    }

    private static SeriesView certificate(String name, long secondsLeft) {
        Report report = Report.builder()
                .fact("expires", (double) NOW.plusSeconds(secondsLeft).getEpochSecond())
                .build();
        return view(
                new Series(name, "", "dc1"),
                Optional.of(report),
                List.of(FactSpec.gauge("expires", "probe_ssl_earliest_cert_expiry", "m")));
    }

    private static SeriesView view(Series series, Optional<Report> report, List<FactSpec> facts) {
        Optional<Result> last =
                report.map(r -> new Result(series, "http", "t", NOW.minusSeconds(2), Duration.ofMillis(20), r));
        return new SeriesView(
                series, "http", "t", new LinkedHashMap<>(Map.of("team", "core")), Duration.ofSeconds(10), Duration.ofSeconds(5),
                last, last.map(Result::startedAt), List.of(), Optional.empty(), facts, Optional.empty());
    }

    private static Snapshot snapshot(List<SeriesView> series, int firing) {
        var alerts = IntStream.range(0, firing)
                .mapToObj(i -> new AlertView(
                        "a" + i, "f", "rule", new Series("p", "", "dc1"), "http", "t", AlertView.Severity.WARNING, AlertView.State.FIRING,
                        Cause.HTTP_STATUS, "m", "", NOW, Optional.of(NOW), Optional.empty(), "", new LinkedHashMap<>(), new LinkedHashMap<>()))
                .toList();
        return new Snapshot(NOW, series, alerts, List.of());
    }

    @Test
    void aRunbookIsALinkOnlyWhereAClickDoesNoHarm() {
        for (String url : List.of("javascript:alert(1)", "data:text/html,x", "//evil.example.com", "JaVaScRiPt:x")) {
            assertThat(card(url).runbook()).isEmpty();
        }
        assertThat(card("https://wiki.example.com/x").runbook()).isEqualTo("https://wiki.example.com/x");
    }

    private static AlertCard card(String runbook) {
        var annotations = new LinkedHashMap<>(Map.of("runbook_url", runbook));
        return AlertCard.of(
                new AlertView(
                        "a", "f", "rule", new Series("p", "", "dc1"), "http", "t", AlertView.Severity.WARNING, AlertView.State.FIRING,
                        Cause.HTTP_STATUS, "m", "", NOW, Optional.of(NOW), Optional.empty(), "", new LinkedHashMap<>(), annotations),
                NOW);
    }
}
