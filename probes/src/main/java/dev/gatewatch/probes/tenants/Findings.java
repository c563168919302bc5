package dev.gatewatch.probes.tenants;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the requests of one run brought, and what to make of it. Safe for many threads until it is told. */
final class Findings {
    static final String REQUESTS = "requests";
    static final String LEAKS = "leaks";
    static final String LEAKS_FRESH = "leaks_fresh";
    static final String LEAKS_KEPT = "leaks_kept";
    static final String UNMARKED = "unmarked";
    static final String FAILURES = "failures";
    static final String LATENCY_MEAN = "latency_mean";
    static final String LATENCY_MAX = "latency_max";

    /** Enough to see a pattern. */
    private static final int KEPT = 5;

    /** An answer that held another's marker. */
    record Leak(Shot shot, String other, String where, String evidence) {}

    // guarded by this
    private final List<Leak> leaks = new ArrayList<>();
    private @Nullable Failure unmarked;
    private @Nullable Failure failure;
    private long requests;
    private long leakCount;
    private long leaksKept;
    private long unmarkedCount;
    private long failures;
    private long nanos;
    private long longest;
    private boolean limited;

    /** An answer came, whatever it was. */
    synchronized void answered(Duration took) {
        requests++;
        nanos += took.toNanos();
        longest = Math.max(longest, took.toNanos());
    }

    synchronized void leaked(Leak leak) {
        leakCount++;
        if (leak.shot().connections() == Shot.Connections.KEPT) {
            leaksKept++;
        }
        if (leaks.size() < KEPT) {
            leaks.add(leak);
        }
    }

    /** An answer without its own tenant's marker. */
    synchronized void unmarked(Failure why) {
        unmarkedCount++;
        if (unmarked == null) {
            unmarked = why;
        }
    }

    /** A request without a useful answer. */
    synchronized void failed(Failure why) {
        failures++;
        limited |= why.cause() == Cause.RATE_LIMITED;
        // the target's failures before our own, which say nothing about it
        boolean ownBefore = failure != null && failure.cause().causeClass() == CauseClass.OWN_SIDE;
        if (failure == null || (ownBefore && why.cause().causeClass() != CauseClass.OWN_SIDE)) {
            failure = why;
        }
    }

    /** Whether the target has asked for fewer requests. */
    synchronized boolean limited() {
        return limited;
    }

    /**
     * Tells facts, and what is wrong, the worst first.
     *
     * @param planned how many requests there should have been
     * @param timeout for the message about those that were not sent
     */
    synchronized void tell(Report.Builder report, int planned, String timeout) {
        report.fact(REQUESTS, requests);
        report.fact(LEAKS, leakCount);
        report.fact(LEAKS_FRESH, leakCount - leaksKept);
        report.fact(LEAKS_KEPT, leaksKept);
        report.fact(UNMARKED, unmarkedCount);
        report.fact(FAILURES, failures);
        if (requests > 0) {
            report.fact(LATENCY_MEAN, nanos / 1e9 / requests);
            report.fact(LATENCY_MAX, longest / 1e9);
        }
        if (!leaks.isEmpty()) {
            Leak first = leaks.getFirst();
            report.fail(
                    Cause.TENANT_LEAK,
                    "an answer to " + first.shot().tenant() + " held the marker of " + first.other() + " in " + first.where()
                            + "; " + leakCount + (leakCount == 1 ? " leak" : " leaks") + " in " + requests + " answers");
            for (int i = 0; i < leaks.size(); i++) {
                report.evidence("leak " + (i + 1) + " of " + leakCount, leaks.get(i).evidence());
            }
        }
        if (unmarked != null) {
            report.fail(unmarked.cause(), counted(unmarked, unmarkedCount));
        }
        if (failure != null) {
            String said = counted(failure, failures);
            // our own side's trouble must not hide what the target did wrong
            if (report.outcome() == Outcome.PASS) {
                new Failure(failure.cause(), said).tell(report);
            } else {
                report.evidence("also", failure.cause().code() + ": " + said);
            }
        }
        if (requests < planned && failure == null) {
            report.fail(
                    Cause.RESPONSE_TIMEOUT,
                    "only " + requests + " of " + planned + " requests were answered within " + timeout
                            + "; fewer rounds, or more time, would show more");
        }
    }

    private String counted(Failure first, long count) {
        return first.message() + (count == 1 ? "" : " (and " + (count - 1) + " more)");
    }
}
