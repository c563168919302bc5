package dev.gatewatch.alerting.rule;

import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The latest run came out in one of these ways. Broken runs are not looked at. Immutable. */
public record OutcomeSeen(Set<Outcome> outcomes) implements Condition {
    public OutcomeSeen {
        outcomes = Collections.unmodifiableSet(EnumSet.copyOf(outcomes));
        if (outcomes.contains(Outcome.PASS) || outcomes.contains(Outcome.BROKEN)) {
            throw new IllegalArgumentException("no trouble of the target: " + outcomes);
        }
    }

    @Override
    public int runs(Duration interval) {
        return 1;
    }

    @Override
    public Duration reach(Duration interval) {
        return Condition.reachOf(1, interval);
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return outcomes.contains(window.outcome(age));
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        if (window.size() == 0) {
            return new Verdict.Unknown("no run yet");
        }
        Outcome outcome = window.outcome(0);
        if (!counts(window, 0)) {
            return new Verdict.Clear("the last run: " + outcome.code());
        }
        var said = window.said(outcome);
        return new Verdict.Holds(
                window.startedAt(0), window.cause(0).orElseThrow(), said.message(), said.message(), said.evidence(), 0, outcome.code());
    }
}
