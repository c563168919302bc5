package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.Deadline;
import java.time.Duration;

/** The time that a run may spend on requests, shared out so that one silent responder does not use up all. Confined to its run. */
final class Budget {
    private final Deadline run;
    private final Duration most;
    private int requests;

    /**
     * A budget.
     *
     * @param most for one request
     * @param requests how many there may be; more are given what is left
     */
    Budget(Deadline run, Duration most, int requests) {
        this.run = run;
        this.most = most;
        this.requests = requests;
    }

    /** The bound of the next request. A little is kept back for what follows it. */
    Deadline next() {
        Duration share = run.left().multipliedBy(19).dividedBy(20).dividedBy(Math.max(1, requests));
        requests--;
        return Deadline.after(share.compareTo(most) < 0 ? share : most);
    }
}
