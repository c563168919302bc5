package dev.gatewatch.alerting.rule;

import static dev.gatewatch.alerting.kit.Story.INTERVAL;
import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    private static final Series SERIES = new Series("gateway", "", "dc1");

    /** The verdict after each run: {@code H}olds, {@code c}lear, {@code ?} unknown; {@code B} leaves it out, as it is not judged. */
    @ParameterizedTest(name = "{0} of {1}: {3} -> {4}")
    @CsvSource({
        // in a row
        "1, 1, false, S F S, cHc",
        "3, 3, false, F F F F S, ??HHc",
        "3, 3, false, F F S F F F, ??cccH",
        "3, 3, false, F D F F F, ?cccH",
        "2, 2, false, S S F F S F, cccHcc",
        // broken runs neither count nor break a row
        "3, 3, false, F B F B B F, ??H",
        "2, 2, false, B B B, ''",
        // n of m: fires at the third of F S F F
        "3, 5, false, F S F F, ???H",
        "3, 5, false, F S F F S S, ???HHc",
        "3, 5, false, F F F S S S, ??HHHc",
        "3, 5, false, S S S S S F F F, ??cccccH",
        "2, 4, false, F S S F S, ???Hc",
        // degraded counts where asked
        "2, 2, true, D F S D D, ?HccH",
        "2, 2, false, D D D, ccc",
        // runs too far apart are no row: two minutes at least, else twice the planned time
        "2, 2, false, F.......... F, ?H",
        "2, 2, false, F........... F, ??",
    })
    void badRunsAreCounted(int bad, int of, boolean degraded, String runs, String verdicts) {
        var condition = new RunCount(bad, of, degraded);
        var window = new SeriesWindow(condition.runs(INTERVAL), INTERVAL, Optional.empty());
        var seen = new StringBuilder();
        for (Result run : Story.of(SERIES, runs)) {
            if (window.add(run)) {
                seen.append(letter(condition.judge(window)));
            }
        }

        assertThat(seen).hasToString(verdicts);
    }

    @Test
    void aRowOfFailuresSaysWhatWasSeenSinceItsFirstRun() {
        assertThat(judge(new RunCount(3, 3, false), Story.of(SERIES, "S F F F")))
                .isEqualTo(new Verdict.Holds(
                        T.plusSeconds(10),
                        Cause.HTTP_STATUS,
                        "status 500, expected 200",
                        "3 runs in a row failed: status 500, expected 200",
                        "body: oops",
                        0,
                        "3"));
    }

    @Test
    void theLatestFailureNamesTheCause() {
        var holds = holds(new RunCount(3, 5, false), Story.of(SERIES, "F F C D"));

        assertThat(holds.cause()).isEqualTo(Cause.CONNECT_REFUSED);
        assertThat(holds.message()).isEqualTo("3 of the last 4 runs failed: nothing listens on port 443");
        assertThat(holds.since()).isEqualTo(T);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, false, F, 'the last run failed: status 500, expected 200'",
        "2, 2, true, F D, '2 runs in a row degraded or failed: took 1.2s, expected at most 800ms'",
        "2, 3, true, D S D, '2 of the last 3 runs degraded or failed: took 1.2s, expected at most 800ms'",
    })
    void countsAreSaidInWords(int bad, int of, boolean degraded, String runs, String message) {
        assertThat(holds(new RunCount(bad, of, degraded), Story.of(SERIES, runs)).message())
                .isEqualTo(message);
    }

    /** Milliseconds of runs ten seconds apart; {@code x} is a failed one. */
    @ParameterizedTest(name = "p{0} of {1}: {2}")
    @CsvSource({
        "0.95, 100 100 100 100, ?",
        "0.95, 100 100 100 100 100, c",
        "0.95, 900 900 900 900 900, H",
        // exactly at the bound is not above it
        "0.95, 800 800 800 800 800, c",
        // one slow run of five is above the 95th percentile, of twenty it is not
        "0.95, 100 100 100 100 900, H",
        "0.95, 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 900, c",
        "0.95, 900 900 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100 100, H",
        "0.5, 100 100 100 900 900, c",
        "0.5, 100 100 900 900 900, H",
        "1, 100 100 100 100 100 100 100 100 100 801, H",
        // failed runs have no latency worth the name
        "0.95, 100 100 100 100 100 x x, c",
        "0.95, 900 900 900 900 x x x, ?",
    })
    void slowRunsAreJudgedByQuantile(double quantile, String millis, String verdict) {
        var condition = new SlowRuns(quantile, Duration.ofMinutes(5), Duration.ofMillis(800), 5);

        assertThat(letter(judge(condition, latencies(millis)))).hasToString(verdict);
    }

    @Test
    void slowRunsSayHowSlowAndWhere() {
        var runs = new ArrayList<Result>();
        for (int i = 0; i < 40; i++) {
            runs.add(Story.slow(SERIES, T.plus(INTERVAL.multipliedBy(i)), Duration.ofMillis(i < 20 ? 90 : 1_236), Outcome.PASS));
        }

        assertThat(judge(new SlowRuns(0.95, Duration.ofMinutes(5), Duration.ofMillis(800), 5), runs))
                .isEqualTo(new Verdict.Holds(
                        T.plusSeconds(200),
                        Cause.LATENCY_HIGH,
                        "p95 over 5m is 1.24s, above 800ms",
                        "p95 over 5m is 1.24s, above 800ms (30 runs)",
                        "last run took 1.24s, of which processing 1.24s",
                        0,
                        "1.24s"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "F F F, ?",
        "F S S S S S S S S, ?",
        "F S S S S S S S S S, c",
        "F F S S S S S S S S, H",
        "D D D D D D D D D D, c",
        "F F B B B B B B B B, ?",
        "F F S S S S S S S S S S S S S S S S S S, c",
        "F F F S S S S S S S S S S S S S S S S S, H",
    })
    void theShareOfFailedRunsIsJudged(String runs, String verdict) {
        var condition = new ErrorRate(Duration.ofMinutes(10), 0.10, 10);

        assertThat(letter(judge(condition, Story.of(SERIES, runs)))).hasToString(verdict);
    }

    @Test
    void theShareOfFailedRunsNamesTheMostFrequentCause() {
        assertThat(judge(new ErrorRate(Duration.ofMinutes(10), 0.05, 10), Story.of(SERIES, "S F C C S S S S S S S S")))
                .isEqualTo(new Verdict.Holds(
                        T.plusSeconds(10),
                        Cause.ERROR_RATE,
                        "25% of runs over 10m failed, above 5%",
                        "25% of runs over 10m failed, above 5% (3 of 12), mostly connect_refused",
                        "last: nothing listens on port 443",
                        0,
                        "25%"));
    }

    @Test
    void runsOlderThanTheTimeAreForgotten() {
        var condition = new ErrorRate(Duration.ofSeconds(100), 0.5, 10);
        var window = new SeriesWindow(condition.runs(INTERVAL), INTERVAL, Optional.empty());
        Story.of(SERIES, "F F F F F F F F F F").forEach(window::add);
        assertThat(condition.judge(window)).isInstanceOf(Verdict.Holds.class);

        Story.of(SERIES, ".......... S S S S S S S S S S").forEach(window::add);
        assertThat(condition.judge(window)).isEqualTo(new Verdict.Clear("0 of 10 runs failed"));
    }

    @ParameterizedTest(name = "{0} left")
    @CsvSource({
        "P31D, c, 0, ''",
        "P30D, H, 1, 'certificate expires in 30 days (2026-03-31 03:00 UTC), within 30d'",
        "P5D, H, 3, 'certificate expires in 5 days (2026-03-06 03:00 UTC), within 7d'",
        "P4DT23H59M50S, H, 3, 'certificate expires in 5 days (2026-03-06 02:59 UTC), within 7d'",
        "PT7H30M, H, 4, 'certificate expires in 7 hours (2026-03-01 10:30 UTC), within 1d'",
        "PT-49H, H, 5, 'certificate expired 2 days ago (2026-02-27 02:00 UTC)'",
    })
    void theTightestCrossedWindowIsTold(Duration left, String verdict, int level, String message) {
        var condition = new CertificateExpiry(
                List.of(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(14), Duration.ofDays(1)));
        Verdict judged = judge(condition, List.of(Story.certificate(SERIES, T, T.plus(left))));

        assertThat(letter(judged)).hasToString(verdict);
        if (judged instanceof Verdict.Holds holds) {
            assertThat(holds.message()).isEqualTo(message);
            assertThat(holds.level()).isEqualTo(level);
            assertThat(holds.cause()).isEqualTo(left.isNegative() ? Cause.CERT_EXPIRED : Cause.CERT_EXPIRING);
        }
    }

    @Test
    void aRunThatSawNoCertificateSaysNothingAboutItsEnd() {
        var condition = new CertificateExpiry(List.of(Duration.ofDays(30)));

        assertThat(letter(judge(condition, Story.of(SERIES, "F")))).hasToString("?");
        var known = new ArrayList<>(List.of(Story.certificate(SERIES, T, T.plus(Duration.ofDays(3)))));
        known.addAll(Story.of(SERIES, ". F F F"));
        assertThat(letter(judge(condition, known))).hasToString("H");
        known.addAll(Story.of(SERIES, "............ F"));
        assertThat(letter(judge(condition, known))).hasToString("?");
    }

    @Test
    void aPassWithoutACertificateIsWell() {
        var known = new ArrayList<>(List.of(Story.certificate(SERIES, T, T.plus(Duration.ofDays(3)))));
        known.addAll(Story.of(SERIES, ". S"));

        assertThat(letter(judge(new CertificateExpiry(List.of(Duration.ofDays(30))), known)))
                .hasToString("c");
    }

    @Test
    void aSeriesThatNeverRunsOftenEnoughIsWell() {
        assertThat(letter(judge(new ErrorRate(Duration.ofSeconds(60), 0.1, 10), Story.of(SERIES, "F F F F F F"))))
                .hasToString("c");
        assertThat(letter(judge(
                        new SlowRuns(0.95, Duration.ofSeconds(30), Duration.ofMillis(10), 5),
                        Story.of(SERIES, "S S S S S S"))))
                .hasToString("c");
    }

    @ParameterizedTest
    @CsvSource({"C, H", "F, c", "F C, H", "C F, c", "C S, c", "C B, H"})
    void theCauseOfTheLatestRunIsMatched(String runs, String verdict) {
        assertThat(letter(judge(new CauseSeen(Set.of(Cause.CONNECT_REFUSED)), Story.of(SERIES, runs))))
                .hasToString(verdict);
    }

    @Test
    void aClockThatSteppedBackLosesNoRuns() {
        var condition = new RunCount(3, 3, false);
        var window = new SeriesWindow(3, INTERVAL, Optional.empty());
        window.add(Story.run(SERIES, 'F', T.plusSeconds(3_600)));
        window.add(Story.run(SERIES, 'F', T));
        window.add(Story.run(SERIES, 'F', T.plusSeconds(10)));

        assertThat(condition.judge(window)).isInstanceOf(Verdict.Holds.class);
    }

    private static List<Result> latencies(String millis) {
        var runs = new ArrayList<Result>();
        Instant at = T;
        for (String text : millis.split(" ")) {
            boolean failed = text.equals("x");
            Duration took = Duration.ofMillis(failed ? 5_000 : Long.parseLong(text));
            runs.add(Story.slow(SERIES, at, took, failed ? Outcome.FAIL : Outcome.PASS));
            at = at.plus(INTERVAL);
        }
        return runs;
    }

    private static Verdict.Holds holds(Condition condition, List<Result> runs) {
        return (Verdict.Holds) judge(condition, runs);
    }

    private static Verdict judge(Condition condition, List<Result> runs) {
        var window = new SeriesWindow(condition.runs(INTERVAL), INTERVAL, Optional.of(Story.EXPIRY));
        runs.forEach(window::add);
        return condition.judge(window);
    }

    private static char letter(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Holds _ -> 'H';
            case Verdict.Clear _ -> 'c';
            case Verdict.Unknown _ -> '?';
        };
    }
}
