package dev.gatewatch.alerting.ruletest;

import dev.gatewatch.alerting.alert.AlertJudge;
import dev.gatewatch.alerting.alert.Chronicle;
import dev.gatewatch.alerting.replay.Nowhere;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.ruletest.RuleTestFile.Case;
import dev.gatewatch.alerting.ruletest.RuleTestFile.Expectation;
import dev.gatewatch.alerting.ruletest.RuleTestFile.Line;
import dev.gatewatch.alerting.slo.Excluded;
import dev.gatewatch.baseline.live.Learnt;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Lets the daemon's own judge see a test's runs on a virtual clock, and looks at its alerts when they are expected. */
final class Rehearsal {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A longer test passes time in steps of ten seconds: that is as much as silence takes in at once. */
    private static final Duration LONG = Duration.ofHours(6);

    private Rehearsal() {}

    /** What is otherwise than expected, a line each; none where all is well. */
    static List<String> differences(List<Rule> rules, Plan plan, Case test) {
        try (var nowhere = new Nowhere()) {
            var judge = AlertJudge.ofHistory(rules, Learnt.NOTHING, Excluded.NONE, Chronicle.NONE);
            judge.restore(nowhere.handle(), plan, START);
            return rehearse(nowhere.handle(), judge, plan, test);
        }
    }

    private static List<String> rehearse(Handle tx, AlertJudge judge, Plan plan, Case test) {
        List<Result> runs = runs(plan, test);
        List<Expectation> expectations = test.expectations().stream()
                .sorted(Comparator.comparing(Expectation::at))
                .toList();
        Instant last = START.plus(expectations.getLast().at());
        Duration step = Duration.between(START, last).compareTo(LONG) > 0 ? SECOND.multipliedBy(10) : SECOND;
        var differences = new ArrayList<String>();
        int next = 0;
        int expected = 0;
        for (Instant now = START; !now.isAfter(last.plus(step)) && expected < expectations.size(); now = now.plus(step)) {
            // what has ended by an expected time is judged before it
            for (; expected < expectations.size() && !START.plus(expectations.get(expected).at()).isAfter(now); expected++) {
                Instant at = START.plus(expectations.get(expected).at());
                next = judge(tx, judge, runs, next, at);
                differences.addAll(Difference.of(expectations.get(expected), judge.current()));
            }
            next = judge(tx, judge, runs, next, now);
        }
        return differences;
    }

    private static int judge(Handle tx, AlertJudge judge, List<Result> runs, int from, Instant now) {
        int next = from;
        while (next < runs.size() && !runs.get(next).endedAt().isAfter(now)) {
            judge.advance(tx, List.of(runs.get(next)), runs.get(next).endedAt());
            next++;
        }
        judge.advance(tx, List.of(), now);
        judge.committed();
        return next;
    }

    private static List<Result> runs(Plan plan, Case test) {
        var runs = new ArrayList<Result>();
        for (Line line : test.series()) {
            ProbeSpec spec = Stage.find(plan, line).orElseThrow();
            Instant at = START.plus(line.start());
            Duration interval = line.interval().orElse(spec.interval());
            for (RunNotation.Step step : line.steps()) {
                for (int i = 0; i < step.times(); i++) {
                    if (step.kind() != RunNotation.Kind.NONE) {
                        runs.add(run(spec, line, step, at));
                    }
                    at = at.plus(interval);
                }
            }
        }
        runs.sort(Comparator.comparing(Result::endedAt));
        return runs;
    }

    private static Result run(ProbeSpec spec, Line line, RunNotation.Step step, Instant at) {
        Outcome outcome = step.kind().outcome;
        Report.Builder report = Report.builder();
        Cause cause = step.cause().orElse(outcome == Outcome.BROKEN ? Cause.INTERNAL_ERROR : line.cause());
        String said = cause.meaning().replaceFirst("\\.$", "");
        switch (outcome) {
            case FAIL -> report.fail(cause, said);
            case DEGRADED -> report.degraded(cause, said);
            case BROKEN -> report.broken(cause, said);
            case PASS -> {}
        }
        Report told = report.build();
        var facts = new LinkedHashMap<>(line.facts());
        facts.putAll(step.facts());
        return new Result(
                spec.series(),
                spec.type().name(),
                spec.probe().target(),
                at,
                step.latency().orElse(line.latency()),
                new Report(told.outcome(), told.cause(), told.message(), told.phases(), facts, told.evidence()));
    }
}
