package dev.gatewatch.probes.net;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Report;
import java.util.Objects;

/**
 * What went wrong in a run: a cause and a sentence for a person. Immutable.
 *
 * @param message what was seen, without the exception's name
 */
public record Failure(Cause cause, String message) {
    public Failure {
        Objects.requireNonNull(cause);
        Objects.requireNonNull(message);
    }

    /** Tells it to a report: a cause of our own side as broken, any other as the target's failure. */
    public void tell(Report.Builder report) {
        if (cause.causeClass() == CauseClass.OWN_SIDE) {
            report.broken(cause, message);
        } else {
            report.fail(cause, message);
        }
    }
}
