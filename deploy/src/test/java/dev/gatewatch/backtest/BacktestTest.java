package dev.gatewatch.backtest;

import static dev.gatewatch.backtest.Played.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which series are judged, by what, and together with which. */
final class BacktestTest {
    private static final String HEADER = "timestamp_ms,probe,latency_ms,ok\n";
    private static final String CONFIGURED = """
            location: dc1
            probes:
              - {name: checkout, type: http, url: "http://192.0.2.1/", interval: 1m}
              - {name: ledger, type: http, interval: 1m, regions: {eu: "http://192.0.2.2/", us: "http://192.0.2.3/", ap: "http://192.0.2.4/"}}
              - {name: refund, type: http, url: "http://192.0.2.5/", interval: 1m, depends_on: [checkout]}
            rules:
              - {name: down, when: {failures: 3}, severity: critical, regions: 2}
            """;

    @Test
    void aSeriesThatNoConfigurationHasIsAMistakeWithAHint() {
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> play(Setup.Unknown.REFUSED, HEADER + Played.runs("chekout", ".")))
                .withMessage("results.csv, line 2: the configuration has no probe \"chekout\", did you mean \"checkout\"?"
                        + " (--probes-from-data judges such series by the rules that select them, --skip-unknown leaves them out)");
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> play(Setup.Unknown.REFUSED, HEADER + Played.runs("ledger", ".")))
                .withMessageContaining("has regions in the configuration (eu, us, ap), and the history does not say which (a column region)");
    }

    @Test
    void suchASeriesIsLeftOutOrJudgedAsIsWanted() {
        String text = HEADER + Played.runs("other", ".".repeat(12) + "FFFF");

        Findings out = play(Setup.Unknown.LEFT_OUT, text + Played.runs("checkout", "."));
        assertThat(out.sides().getFirst().alerts()).isEmpty();
        assertThat(out.notes()).first().asString().isEqualTo("1 series are in no configuration and were left out: other");
        assertThat(play(Setup.Unknown.JUDGED, text).sides().getFirst().alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.series().display()).isEqualTo("other"));
    }

    @Test
    void aSeriesNamedAfterItsTargetIsTheConfiguredOne() {
        Findings findings = play(Setup.Unknown.REFUSED, HEADER + Played.runs("http://192.0.2.1/", "FFF"));

        assertThat(findings.sides().getFirst().alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.series().probe()).isEqualTo("checkout"));
    }

    @Test
    void regionsOfAProbeAreJudgedTogether() {
        var text = new StringBuilder("timestamp_ms,probe,region,latency_ms,ok\n");
        for (int i = 0; i < 8; i++) {
            for (String region : new String[] {"eu", "us", "ap"}) {
                text.append(T + i * 60_000L).append(",ledger,").append(region).append(",20,").append(i < 3 || region.equals("ap") ? 1 : 0).append('\n');
            }
        }
        Findings findings = play(Setup.Unknown.REFUSED, text.toString());

        assertThat(findings.sides().getFirst().alerts())
                .extracting(alert -> alert.series().display() + " " + alert.severity().code())
                .containsExactlyInAnyOrder("ledger@eu warning", "ledger@us warning", "ledger critical");
    }

    @Test
    void aChildOfAFailedProbeIsHeldBackAsInTheDaemon() {
        var text = new StringBuilder(HEADER);
        for (int i = 0; i < 10; i++) {
            int ok = i < 3 ? 1 : 0;
            text.append(T + i * 60_000L).append(",checkout,20,").append(ok).append('\n');
            text.append(T + i * 60_000L + 30_000).append(",refund,20,").append(ok).append('\n');
        }
        Findings findings = play(Setup.Unknown.REFUSED, text.toString());

        assertThat(findings.sides().getFirst().alerts()).extracting(alert -> alert.series().probe()).containsExactly("checkout");
    }

    @Test
    void silenceIsSeenToTheSecondAndNotOfSeriesWithoutAnyRuns() {
        String rules = CONFIGURED.replaceAll("(?s)rules:.*", "rules: [{name: silent, when: {no_result_for: 5m}}]\n");
        Findings findings = Played.play(
                Played.setup(Setup.Unknown.REFUSED, 1, rules),
                Played.source((HEADER + Played.runs("checkout", "..." + " ".repeat(10) + "..")).getBytes(StandardCharsets.UTF_8), false));

        assertThat(findings.sides().getFirst().alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.series().probe()).isEqualTo("checkout");
            assertThat(Duration.between(Instant.ofEpochMilli(T + 2 * 60_000 + 12), alert.firedAt()))
                    .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(5).plusSeconds(1));
            assertThat(alert.endsAt()).contains(Instant.ofEpochMilli(T + 13 * 60_000 + 12));
        });
        assertThat(findings.notes()).containsExactly("4 configured series have no runs in the history: ledger@ap, ledger@eu, ledger@us, refund");
    }

    @Test
    void maintenanceIsToldOf() {
        String rules = Played.RULES + "\nmaintenance: [{name: move, when: {from: '2026-01-01T00:00', to: '2026-01-01T02:00', time_zone: UTC}}]\n";
        Findings findings = Played.play(
                Played.setup(Setup.Unknown.REFUSED, 1, rules),
                Played.source((HEADER + Played.runs("a", "FFF.")).getBytes(StandardCharsets.UTF_8), false));

        assertThat(findings.sides().getFirst().alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.untold()).isEqualTo("maintenance move"));
    }

    @Test
    void onHowManyThreadsIsJudgedMakesNoDifference() {
        var random = new SplittableRandom(7);
        var text = new StringBuilder(HEADER);
        for (int i = 0; i < 3_000; i++) {
            for (int p = 0; p < 7; p++) {
                boolean ok = random.nextInt(12) > 0;
                text.append(T + i * 60_000L + p * 1_000).append(",p").append(p).append(',').append(random.nextInt(50, 900)).append(ok ? ",1\n" : ",0\n");
            }
        }
        String rules = """
                rules:
                  - {name: down, when: {failures: 2}}
                  - {name: unusual, when: {baseline: {of: latency, sensitivity: high}}}
                """;
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        Findings one = Played.play(Played.setup(Setup.Unknown.REFUSED, 1, rules), Played.source(bytes, false));
        Findings three = Played.play(Played.setup(Setup.Unknown.REFUSED, 3, rules), Played.source(bytes, false));

        assertThat(one.sides()).isEqualTo(three.sides());
        assertThat(one.sides().getFirst().alerts()).hasSizeGreaterThan(30);
    }

    @Test
    void scoresAreInOrderOfTimeWithTheAlertOfTheirSeries() throws IOException {
        var scores = new StringWriter();
        try (Source source = Played.source((HEADER + Played.runs("a", "..FFFF..")).getBytes(StandardCharsets.UTF_8), false)) {
            new Backtest(Played.setup(Setup.Unknown.REFUSED, 1, Played.RULES), Progress.NONE, () -> false)
                    .run(source, Optional.of(scores), false);
        }
        String[] lines = scores.toString().split("\n");

        assertThat(lines[0]).isEqualTo("timestamp_ms,probe,score,alert");
        assertThat(Arrays.stream(lines).skip(1).map(line -> line.substring(line.length() - 1)))
                .containsExactly("0", "0", "0", "0", "1", "1", "0", "0");
        assertThat(lines[5]).matches((T + 4 * 60_000) + ",a,-?[0-9.]+,1");
    }

    @Test
    void itStopsWhenItIsTold() {
        assertThatExceptionOfType(Interrupted.class).isThrownBy(() -> {
            try (Source source = Played.source((HEADER + Played.runs("a", ".".repeat(50_000))).getBytes(StandardCharsets.UTF_8), false)) {
                new Backtest(Played.setup(Setup.Unknown.REFUSED, 1, Played.RULES), Progress.NONE, () -> true)
                        .run(source, Optional.empty(), false);
            }
        });
    }

    private static Findings play(Setup.Unknown unknown, String text) {
        return Played.play(
                Played.setup(unknown, 2, CONFIGURED), Played.source(text.getBytes(StandardCharsets.UTF_8), false));
    }
}
