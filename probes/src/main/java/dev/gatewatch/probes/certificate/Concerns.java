package dev.gatewatch.probes.certificate;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.revocation.Concern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong in a run and tells it in the order in which to mend it. Confined to its run. */
final class Concerns {
    private static final List<Cause> ORDER = List.of(
            Cause.CERT_EXPIRED,
            Cause.CERT_NOT_YET_VALID,
            Cause.CERT_REVOKED,
            Cause.CERT_SELF_SIGNED,
            Cause.CERT_UNTRUSTED,
            Cause.CERT_HOSTNAME,
            Cause.KEY_EXPOSED,
            Cause.KEYSTORE_UNREADABLE,
            Cause.CERT_WEAK,
            Cause.OCSP_INVALID,
            Cause.OCSP_UNAVAILABLE,
            Cause.CRL_STALE,
            Cause.CERT_CHANGED,
            Cause.CERT_EXPIRING);

    /** A report holds so many; the rest is counted. */
    private static final int TOLD = 25;

    private final List<Concern> all = new ArrayList<>();

    void add(Concern concern) {
        all.add(concern);
    }

    void addAll(Collection<Concern> concerns) {
        all.addAll(concerns);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** What is wrong with the target comes before what our own side could not look at: the one must not hide the other. */
    void tell(Report.Builder report) {
        boolean failed = all.stream().anyMatch(c -> c.outcome() == Outcome.FAIL);
        List<Concern> inOrder = all.stream()
                .sorted(Comparator.comparingInt((Concern c) -> rank(c.outcome()))
                        .thenComparingInt(c -> place(c.failure().cause())))
                .toList();
        for (Concern concern : inOrder.stream().limit(TOLD).toList()) {
            if (failed && concern.outcome() == Outcome.BROKEN) {
                report.evidence(
                        "also",
                        concern.failure().cause().code() + ": " + concern.failure().message());
            } else {
                concern.tell(report);
            }
        }
        if (inOrder.size() > TOLD) {
            report.evidence("also", (inOrder.size() - TOLD) + " more of the kind");
        }
    }

    private static int rank(Outcome outcome) {
        return switch (outcome) {
            case FAIL -> 0;
            case BROKEN -> 1;
            case DEGRADED -> 2;
            case PASS -> 3;
        };
    }

    private static int place(Cause cause) {
        int place = ORDER.indexOf(cause);
        return place < 0 ? ORDER.size() : place;
    }
}
