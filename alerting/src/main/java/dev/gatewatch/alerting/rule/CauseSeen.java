package dev.gatewatch.alerting.rule;

import dev.gatewatch.probe.Cause;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The latest run did not pass, for one of these causes. Immutable. */
public record CauseSeen(Set<Cause> causes) implements Condition {
    public CauseSeen {
        causes = java.util.Collections.unmodifiableSet(EnumSet.copyOf(causes));
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
    public boolean comparesRegions() {
        return false; // the rule asks for this very cause
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return window.cause(age).filter(causes::contains).isPresent();
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        if (window.size() == 0) {
            return new Verdict.Unknown("no run yet");
        }
        if (!counts(window, 0)) {
            return new Verdict.Clear("the last run shows none of the causes");
        }
        var said = window.said(window.outcome(0));
        return new Verdict.Holds(
                window.startedAt(0),
                window.cause(0).orElseThrow(),
                said.message(),
                said.message(),
                said.evidence(),
                0,
                window.cause(0).orElseThrow().code());
    }
}
