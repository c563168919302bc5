package dev.gatewatch.alerting.rule;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** An expression on the latest run is true. One that cannot be said, as when a fact is missing, says nothing. Immutable. */
public record CelHolds(CelRule expression) implements Condition {
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
        return false;
    }

    @Override
    public Set<String> facts() {
        return expression.facts();
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return age == 0 && judge(window) instanceof Verdict.Holds;
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        Optional<Result> last = window.last();
        if (window.size() == 0 || last.isEmpty()) {
            return new Verdict.Unknown("no run yet");
        }
        CelRule.Answer answer = expression.evaluate(last.get(), window.labels());
        if (answer.holds().isEmpty()) {
            return new Verdict.Unknown(answer.why());
        }
        if (!answer.holds().get()) {
            return new Verdict.Clear("not so: " + expression.shown());
        }
        var report = last.get().report();
        String message = report.message().isEmpty() ? expression.shown() : report.message() + " (" + expression.shown() + ")";
        return new Verdict.Holds(
                window.startedAt(0),
                report.cause().orElse(Cause.FACT_OUT_OF_BOUNDS),
                message,
                answer.why().isEmpty() ? message : message + ": " + answer.why(),
                window.cause(0).isPresent() ? window.said(window.outcome(0)).evidence() : "",
                0,
                answer.why());
    }
}
