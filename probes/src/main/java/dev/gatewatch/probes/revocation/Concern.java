package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Failure;

/**
 * Something wrong with a certificate and how bad it is. Immutable.
 *
 * @param outcome {@link Outcome#DEGRADED}, {@link Outcome#FAIL}, or {@link Outcome#BROKEN} where the cause is our own side's
 */
public record Concern(Outcome outcome, Failure failure) {
    public Concern {
        if (failure.cause().causeClass() == CauseClass.OWN_SIDE) {
            outcome = Outcome.BROKEN;
        }
    }

    /** The target fails by it. */
    public static Concern failed(Failure failure) {
        return new Concern(Outcome.FAIL, failure);
    }

    /** The target works, less well than it should. */
    public static Concern degraded(Failure failure) {
        return new Concern(Outcome.DEGRADED, failure);
    }

    /** The same about something that has to be named first: a file, an entry. */
    public Concern of(String what) {
        return new Concern(outcome, new Failure(failure.cause(), what + ": " + failure.message()));
    }

    public void tell(Report.Builder report) {
        if (outcome == Outcome.DEGRADED) {
            report.degraded(failure.cause(), failure.message());
        } else {
            failure.tell(report);
        }
    }
}
