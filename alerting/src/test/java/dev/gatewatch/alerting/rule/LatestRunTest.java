package dev.gatewatch.alerting.rule;

import static dev.gatewatch.alerting.kit.Story.INTERVAL;
import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.rule.FactBound.Measure;
import dev.gatewatch.alerting.rule.FactBound.Relation;
import dev.gatewatch.alerting.rule.FactBound.Span;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions on what the latest run tells: its outcome, its facts, an expression, and that there is none. */
class LatestRunTest {
    private static final Series SERIES = new Series("gateway", "eu", "dc1");

    @ParameterizedTest
    @CsvSource({"S, clear", "D, holds", "F, clear", "SD, holds", "DS, clear", "'', unknown", "DB, holds"})
    void anOutcomeIsThatOfTheLatestRunThatIsNotBroken(String runs, String verdict) {
        assertThat(word(new OutcomeSeen(Set.of(Outcome.DEGRADED)).judge(window(runs)))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "ABOVE, 100, 101, holds",
        "ABOVE, 100, 100, clear",
        "ABOVE, 100, true, clear",
        "BELOW, 1, false, holds",
        "BELOW, 100, 99.5, holds",
        "BELOW, 100, 100, clear",
        "BELOW, 100, word, clear",
        "EQUALS, 3, 3.0, holds",
        "EQUALS, h2, h2, holds",
        "EQUALS, h2, h3, clear",
        "EQUALS, true, true, holds",
        "NOT, TLSv1.3, TLSv1.2, holds",
        "NOT, TLSv1.3, TLSv1.3, clear",
        "NOT, 200, 200, clear",
        "NOT, 0.5, 0.50, clear"
    })
    void aFactIsComparedAsWhatItIs(Relation relation, String bound, String value, String verdict) {
        var condition = new FactBound("x", relation, bound, Optional.empty());
        SeriesWindow window = window(condition);
        window.add(telling(T, "x", value));

        assertThat(word(condition.judge(window))).isEqualTo(verdict);
        assertThat(condition.counts(window, 0)).isEqualTo(verdict.equals("holds"));
    }

    @Test
    void aFactOutOfBoundsIsToldWithItsBound() {
        var condition = new FactBound("quota_left", Relation.BELOW, "100", Optional.empty());
        SeriesWindow window = window(condition);
        window.add(telling(T, "quota_left", "17"));

        assertThat(condition.judge(window))
                .isEqualTo(new Verdict.Holds(
                        T,
                        Cause.FACT_OUT_OF_BOUNDS,
                        "quota_left is 17, below 100",
                        "quota_left is 17, below 100",
                        "",
                        0,
                        "17"));
    }

    @Test
    void aFailedRunWithoutTheFactSaysNothingAndAPassedOneIsWell() {
        var condition = new FactBound("x", Relation.ABOVE, "1", Optional.empty());
        SeriesWindow window = window(condition);

        window.add(Story.run(SERIES, 'F', T));
        assertThat(condition.judge(window)).isEqualTo(new Verdict.Unknown("the last run did not tell x"));
        window.add(Story.run(SERIES, 'S', T.plusSeconds(10)));
        assertThat(condition.judge(window)).isEqualTo(new Verdict.Clear("the last run passed without telling x"));
    }

    @ParameterizedTest
    @CsvSource({
        "AVG, 25, holds, 'average of x over 1m is 30, above 25'",
        "AVG, 30, clear, ''",
        "MIN, 9, holds, 'least of x over 1m is 10, above 9'",
        "MIN, 10, clear, ''",
        "MAX, 49, holds, 'greatest of x over 1m is 50, above 49'",
        "QUANTILE, 39, holds, 'p75 of x over 1m is 40, above 39'"
    })
    void valuesOverATimeAreMadeIntoOne(Measure measure, String bound, String verdict, String message) {
        var condition = new FactBound(
                "x", Relation.ABOVE, bound, Optional.of(new Span(Duration.ofMinutes(1), measure, 0.75, 4)));
        SeriesWindow window = window(condition);
        for (int i = 0; i < 6; i++) {
            Instant at = T.plus(INTERVAL.multipliedBy(i));
            // the third run does not tell
            window.add(i == 2 ? Story.run(SERIES, 'F', at) : telling(at, "x", String.valueOf(10 * (i < 2 ? i + 1 : i))));
        }

        Verdict judged = condition.judge(window);
        assertThat(word(judged)).isEqualTo(verdict);
        if (judged instanceof Verdict.Holds holds) {
            assertThat(holds.message()).isEqualTo(message);
        }
    }

    @Test
    void withFewerValuesThanAskedForNothingIsSaid() {
        var condition = new FactBound(
                "x", Relation.ABOVE, "1", Optional.of(new Span(Duration.ofMinutes(1), Measure.AVG, 1, 3)));
        SeriesWindow window = window(condition);
        window.add(telling(T, "x", "5"));
        window.add(telling(T.plusSeconds(10), "x", "5"));

        assertThat(condition.judge(window)).isEqualTo(new Verdict.Unknown("2 of at least 3 runs that tell x"));
        assertThat(condition.fits(Duration.ofMinutes(10))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '#', value = {
        "outcome == 'fail' ; F ; holds",
        "outcome == 'fail' ; S ; clear",
        "cause == 'http_status' || cause == 'connect_refused' ; C ; holds",
        "cause == '' && latency_ms < 100 ; S ; holds",
        "latency_ms > 49 && latency_ms < 51.5 ; S ; holds",
        "labels.service == 'payments' ; S ; holds",
        "labels.team == 'core' ; S ; unknown",
        "has(labels.team) && labels.team == 'core' ; S ; clear",
        "facts.missing > 3 ; S ; unknown",
        "facts.missing > 3 || outcome == 'pass' ; S ; holds",
        "phases.exists(p, phases[p] > 5.0) ; S ; clear",
        "outcome.matches('^(fail|degraded)$') ; D ; holds"
    })
    void anExpressionSeesTheLatestRun(String expression, String runs, String verdict) throws Exception {
        assertThat(word(new CelHolds(CelRule.compile(expression)).judge(window(runs)))).isEqualTo(verdict);
    }

    @Test
    void anExpressionThatHoldsTellsTheFactsThatItLookedAt() throws Exception {
        var condition = new CelHolds(CelRule.compile("facts.pool_used / facts[\"pool_size\"] > 0.9"));
        SeriesWindow window = window(condition);
        window.add(Story.run(SERIES, 'S', T).with(Report.builder().fact("pool_used", 19L).fact("pool_size", 20.0).build()));

        // whole numbers come as whole numbers, so the quotient is one too
        assertThat(condition.facts()).containsExactly("pool_size", "pool_used");
        assertThat(condition.judge(window)).isInstanceOf(Verdict.Clear.class);

        var precise = new CelHolds(CelRule.compile("double(facts.pool_used) / double(facts.pool_size) > 0.9"));
        assertThat(precise.judge(window))
                .isEqualTo(new Verdict.Holds(
                        T,
                        Cause.FACT_OUT_OF_BOUNDS,
                        "double(facts.pool_used) / double(facts.pool_size) > 0.9",
                        "double(facts.pool_used) / double(facts.pool_size) > 0.9: pool_used is 19, pool_size is 20",
                        "",
                        0,
                        "pool_used is 19, pool_size is 20"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.25, clear, '', 0",
        "0.2, clear, '', 0",
        "0.19, holds, '19% of the certificate''s lifetime is left, less than 20%', 0",
        "-0.1, holds, 'none of the certificate''s lifetime is left, less than 20%', 1"
    })
    void aCertificatesLifetimeRunsOut(double left, String verdict, String message, int level) {
        var condition = new LifetimeLeft(0.2);
        SeriesWindow window = window(condition);
        window.add(Story.run(SERIES, 'S', T).with(Report.builder().fact("cert_lifetime_left", left).build()));

        Verdict judged = condition.judge(window);
        assertThat(word(judged)).isEqualTo(verdict);
        if (judged instanceof Verdict.Holds holds) {
            assertThat(holds.message()).isEqualTo(message);
            assertThat(holds.level()).isEqualTo(level);
            assertThat(holds.cause()).isEqualTo(level == 1 ? Cause.CERT_EXPIRED : Cause.CERT_EXPIRING);
        }
    }

    @Test
    void withoutACertificateNothingIsSaidUnlessTheRunPassed() {
        var condition = new LifetimeLeft(0.2);
        assertThat(word(condition.judge(window("F")))).isEqualTo("unknown");
        assertThat(word(condition.judge(window("S")))).isEqualTo("clear");
    }

    @Test
    void silenceIsTimeThatWasSeenToPassWithoutARunThatSaysAnything() {
        var condition = new NoResult(Duration.ofMinutes(1));
        SeriesWindow window = window(condition);
        assertThat(word(condition.judge(window))).isEqualTo("unknown");

        for (int s = 0; s < 60; s += 5) {
            window.passed(T.plusSeconds(s));
            assertThat(word(condition.judge(window))).as("after %s s", s).isEqualTo("unknown");
        }
        window.add(Story.run(SERIES, 'B', T.plusSeconds(58)));
        window.passed(T.plusSeconds(60));

        assertThat(condition.judge(window))
                .isEqualTo(new Verdict.Holds(
                        T,
                        Cause.NO_RESULT,
                        "no result for 1m, none since 2026-03-01 03:00 UTC",
                        "no result for 1m, none since 2026-03-01 03:00 UTC",
                        "",
                        0,
                        "1 minute"));
        window.add(Story.run(SERIES, 'F', T.plusSeconds(61)));
        assertThat(word(condition.judge(window))).isEqualTo("clear");
    }

    @Test
    void neitherAStepOfTheClockNorSleepIsSilence() {
        var condition = new NoResult(Duration.ofMinutes(1));
        SeriesWindow window = window(condition);
        window.add(Story.run(SERIES, 'S', T));
        window.passed(T.plusSeconds(1));

        window.passed(T.plusSeconds(3_601));
        window.passed(T.plusSeconds(2));
        window.passed(T.plusSeconds(3));

        assertThat(window.silence()).isEqualTo(Duration.ofSeconds(11));
        assertThat(word(condition.judge(window))).isEqualTo("unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "probe=$(probe) in $(region), probe=gateway in eu",
        "$(cause)/$(class)/$(severity), http_status/request/warning",
        "$(labels.service)$(labels.none), payments",
        "$(facts.x) of $(value): $(message), 17 of 3: three failed",
        "$$(probe) $(type) $(target) $(rule) $(location), $(probe) http https://pay.example/health r dc1"
    })
    void placesInTextsAreFilled(String text, String filled) {
        var rule = new Rule(
                "r",
                List.of(),
                new RunCount(1, 1, false),
                Duration.ZERO,
                Duration.ZERO,
                dev.gatewatch.view.AlertView.Severity.WARNING,
                new java.util.LinkedHashMap<>(Map.of("it", text)),
                new java.util.LinkedHashMap<>());
        var occasion = new Occasion(
                rule,
                Specs.spec(SERIES, Map.of("service", "payments"), INTERVAL),
                SERIES,
                rule.severity(),
                Cause.HTTP_STATUS,
                "three failed",
                "3",
                Optional.of(telling(T, "x", "17")));

        assertThat(Placeholders.problem(text)).isEmpty();
        assertThat(occasion.fill(rule.labels())).containsExactly(Map.entry("it", filled));
    }

    private static SeriesWindow window(Condition condition) {
        return SeriesWindow.of(Specs.spec(SERIES, Map.of("service", "payments"), INTERVAL), List.of(condition), 1);
    }

    private static SeriesWindow window(String runs) {
        SeriesWindow window = window(new RunCount(1, 1, false));
        Story.of(SERIES, runs).forEach(window::add);
        return window;
    }

    private static Result telling(Instant at, String fact, String value) {
        var report = Report.builder();
        if (value.equals("true") || value.equals("false")) {
            report.fact(fact, value.equals("true"));
        } else {
            try {
                report.fact(fact, Double.parseDouble(value));
            } catch (NumberFormatException _) {
                report.fact(fact, value);
            }
        }
        return Story.run(SERIES, 'S', at).with(report.build());
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Holds _ -> "holds";
            case Verdict.Clear _ -> "clear";
            case Verdict.Unknown _ -> "unknown";
        };
    }
}
