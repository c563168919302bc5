package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import java.time.Duration;
import java.time.Instant;

/**
 * No run has said anything of the target for so long. Broken runs say nothing of it, so they do not end the silence. Judged by time:
 * only time that the daemon saw pass counts, so neither its own downtime nor a step of the clock is silence. Immutable.
 */
public record NoResult(Duration time) implements Condition {
    @Override
    public int runs(Duration interval) {
        return 1;
    }

    @Override
    public Duration reach(Duration interval) {
        return time.plus(Condition.reachOf(1, interval));
    }

    @Override
    public boolean judgedByTime() {
        return true;
    }

    @Override
    public boolean comparesRegions() {
        return false;
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return false;
    }

    @Override
    public boolean fits(Duration interval) {
        return interval.compareTo(time) < 0;
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        Duration silence = window.silence();
        if (silence.isZero()) {
            return window.size() > 0 ? new Verdict.Clear("a run has just ended") : new Verdict.Unknown("no run yet");
        }
        if (silence.compareTo(time) < 0) {
            // what fired goes on until a run comes: a restart is none
            return new Verdict.Unknown("no result for " + Words.roughly(silence));
        }
        Instant since = window.passedUntil().minus(silence);
        String last = window.size() > 0
                ? "the last began at " + Words.minute(window.startedAt(0))
                : "none since " + Words.minute(since);
        String message = "no result for " + Durations.format(time) + ", " + last;
        return new Verdict.Holds(since, Cause.NO_RESULT, message, message, "", 0, Words.roughly(silence));
    }
}
