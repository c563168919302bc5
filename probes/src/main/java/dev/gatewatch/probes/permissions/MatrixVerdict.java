package dev.gatewatch.probes.permissions;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Compares what happened with what should: a right too much is worse than one too few, and either than a cell that says nothing. */
final class MatrixVerdict {
    static final String ALLOWED = "allowed";
    static final String LATENCY = "cell_latency";
    static final String CELLS = "cells";
    static final String MISSING = "missing";
    static final String EXCESS = "excess";
    static final String UNCLEAR = "unclear";

    /** How many are named in a message; the table has all. */
    private static final int NAMED = 4;

    /**
     * A cell and its end.
     *
     * @param took absent where it was not tried
     */
    record Tried(Cell cell, Answered answered, Optional<Duration> took) {
        boolean isExcess() {
            return answered instanceof Answered.Allowed && !cell.expectedAllowed();
        }

        boolean isMissing() {
            return answered instanceof Answered.Denied && cell.expectedAllowed();
        }

        boolean isUnclear() {
            return answered instanceof Answered.Unclear;
        }

        private String named() {
            return cell.name() + " (" + shown() + ")";
        }

        private String shown() {
            return switch (answered) {
                case Answered.Allowed(String shown) -> shown;
                case Answered.Denied(String shown) -> shown;
                case Answered.Unclear(Failure failure) -> failure.cause().code() + ": " + failure.message();
            };
        }

        private int rank() {
            return isExcess() ? 0 : isMissing() ? 1 : isUnclear() ? 2 : 3;
        }

        private String row() {
            String got =
                    switch (answered) {
                        case Answered.Allowed _ -> "allowed";
                        case Answered.Denied _ -> "denied ";
                        case Answered.Unclear _ -> "unclear";
                    };
            return (rank() == 3 ? "  " : "! ") + "%-32s expected %-5s  got %s  %s"
                    .formatted(cell.name(), cell.expectedAllowed() ? "allow" : "deny", got, shown());
        }
    }

    private MatrixVerdict() {}

    /** Tells facts, and what is wrong. */
    static void tell(List<Tried> all, Report.Builder report) {
        facts(all, report);
        List<Tried> excess = all.stream().filter(Tried::isExcess).toList();
        List<Tried> missing = all.stream().filter(Tried::isMissing).toList();
        List<Tried> unclear = all.stream().filter(Tried::isUnclear).toList();
        var parts = new ArrayList<String>();
        if (!excess.isEmpty()) {
            parts.add("allowed that must be denied: " + named(excess));
        }
        if (!missing.isEmpty()) {
            parts.add("denied that must be allowed: " + named(missing));
        }
        if (!parts.isEmpty()) {
            String more = unclear.isEmpty() ? "" : "; " + unclear.size() + " of " + all.size() + " cells say nothing";
            report.fail(
                    excess.isEmpty() ? Cause.PERMISSION_MISSING : Cause.PERMISSION_EXCESS,
                    String.join("; ", parts) + more);
        } else if (!unclear.isEmpty()) {
            Failure first = mostTelling(unclear);
            String others = unclear.size() == 1 ? "" : " (and " + (unclear.size() - 1) + " more of " + all.size() + " cells)";
            new Failure(first.cause(), first.message() + others).tell(report);
        }
        if (report.outcome() != Outcome.PASS) {
            report.evidence(
                    "matrix",
                    all.stream()
                            .sorted(Comparator.comparingInt(Tried::rank))
                            .map(Tried::row)
                            .collect(Collectors.joining("\n")));
        }
    }

    /** The target's failures before our own, which say nothing about it. */
    private static Failure mostTelling(List<Tried> unclear) {
        List<Failure> named = unclear.stream()
                .flatMap(t -> t.answered() instanceof Answered.Unclear(Failure f)
                        ? java.util.stream.Stream.of(new Failure(f.cause(), t.cell().name() + ": " + f.message()))
                        : java.util.stream.Stream.<Failure>empty())
                .toList();
        return named.stream()
                .filter(f -> f.cause().causeClass() != CauseClass.OWN_SIDE)
                .findFirst()
                .orElse(named.getFirst());
    }

    private static String named(List<Tried> some) {
        String first = some.stream().limit(NAMED).map(Tried::named).collect(Collectors.joining(", "));
        return some.size() <= NAMED ? first : first + " and " + (some.size() - NAMED) + " more";
    }

    private static void facts(List<Tried> all, Report.Builder report) {
        report.fact(CELLS, all.size());
        report.fact(EXCESS, all.stream().filter(Tried::isExcess).count());
        report.fact(MISSING, all.stream().filter(Tried::isMissing).count());
        report.fact(UNCLEAR, all.stream().filter(Tried::isUnclear).count());
        for (Tried each : all) {
            if (!each.isUnclear()) {
                report.fact(ALLOWED + "." + each.cell().name(), each.answered() instanceof Answered.Allowed);
            }
            each.took().ifPresent(took -> report.fact(LATENCY + "." + each.cell().name(), took.toNanos() / 1e9));
        }
    }
}
