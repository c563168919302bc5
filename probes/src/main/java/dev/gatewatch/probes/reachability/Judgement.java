package dev.gatewatch.probes.reachability;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the findings mean, told to the report: what is open and must not be comes first. Pure functions. */
final class Judgement {
    /** So many paths a message names; the evidence has all. */
    private static final int NAMED = 20;

    private Judgement() {}

    static void tell(List<Finding> findings, Report.Builder report) {
        open(findings).ifPresent(f -> f.tell(report));
        missing(findings).ifPresent(f -> f.tell(report));
        otherwise(findings).ifPresent(f -> f.tell(report));
        own(findings, report);
        slow(findings).ifPresent(message -> report.degraded(Cause.LATENCY_HIGH, message));
    }

    /** Paths of which the attempt says nothing, for reasons of our own side; that must not hide what others do say. */
    private static void own(List<Finding> findings, Report.Builder report) {
        Optional<Failure> own = findings.stream()
                .filter(Judgement::isOwn)
                .flatMap(f -> f.failure().stream())
                .findFirst();
        if (report.outcome() == Outcome.PASS) {
            own.ifPresent(f -> f.tell(report));
        } else {
            own.ifPresent(f -> report.evidence("also", f.cause().code() + ": " + f.message()));
        }
    }

    /** A packet that our own firewall stops is what a path wants that must not connect. */
    private static boolean isOwn(Finding finding) {
        return switch (finding.state()) {
            case UNKNOWN -> true;
            case BLOCKED -> finding.path().mustConnect();
            default -> false;
        };
    }

    private static Optional<Failure> open(List<Finding> findings) {
        List<String> open = findings.stream()
                .filter(f -> !f.path().mustConnect() && f.state() == State.OPEN)
                .map(f -> f.path().shown())
                .toList();
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(new Failure(
                        Cause.UNEXPECTEDLY_OPEN,
                        open.size() == 1
                                ? "a connection succeeds that must not: " + open.getFirst()
                                : open.size() + " connections succeed that must not: " + named(open)));
    }

    private static Optional<Failure> missing(List<Finding> findings) {
        long all = findings.stream().filter(f -> f.path().mustConnect()).count();
        List<Finding> missing = findings.stream()
                .filter(f -> f.path().mustConnect() && f.state() != State.OPEN && !isOwn(f))
                .toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        Failure worst = Connector.mostTelling(
                missing.stream().map(f -> f.failure().orElseThrow()).toList());
        Finding first = missing.stream()
                .filter(f -> f.failure().orElseThrow().cause() == worst.cause())
                .findFirst()
                .orElseThrow();
        String others = missing.size() == 1
                ? ""
                : "; also " + named(missing.stream()
                        .filter(f -> !f.equals(first))
                        .map(f -> f.path().shown() + " " + f.state().word())
                        .toList());
        return Optional.of(new Failure(
                worst.cause(),
                missing.size() + " of " + all + " paths that must connect " + (missing.size() == 1 ? "does" : "do")
                        + " not: " + name(first) + first.failure().orElseThrow().message() + others));
    }

    private static String name(Finding finding) {
        Path path = finding.path();
        return path.name().equals(path.to().toString()) ? "" : path.name() + ": ";
    }

    /** Paths that fail to connect, and in another manner than they should; and those whose name says nothing. */
    private static Optional<Failure> otherwise(List<Finding> findings) {
        List<Finding> others = findings.stream()
                .filter(f -> f.path().wanted() instanceof Path.Closed(How how)
                        && f.state() != State.OPEN
                        && !isOwn(f)
                        && !how.allows(f.state()))
                .toList();
        if (others.isEmpty()) {
            return Optional.empty();
        }
        String what = others.stream().limit(NAMED).map(Judgement::manner).collect(Collectors.joining("; "));
        Cause cause = others.getFirst().failure().orElseThrow().cause();
        return Optional.of(new Failure(
                cause.causeClass() == CauseClass.OWN_SIDE ? Cause.CONNECT_UNREACHABLE : cause, what));
    }

    private static String manner(Finding finding) {
        if (finding.state() == State.UNRESOLVED) {
            return finding.path().shown() + " must not connect, which cannot be tested: "
                    + finding.failure().orElseThrow().message();
        }
        return finding.path().shown() + " does not connect, as it should be, but is " + finding.state().word() + ", not "
                + (finding.path().wanted() instanceof Path.Closed(How how) && how == How.DROPPED ? "dropped" : "refused");
    }

    private static Optional<String> slow(List<Finding> findings) {
        List<String> slow = findings.stream()
                .filter(Judgement::isSlow)
                .map(f -> f.path().shown() + " took " + Durations.format(f.latency().orElse(Duration.ZERO)) + ", more than "
                        + bound(f).map(Durations::format).orElse(""))
                .toList();
        return slow.isEmpty() ? Optional.empty() : Optional.of(named(slow));
    }

    private static boolean isSlow(Finding finding) {
        return bound(finding).isPresent()
                && finding.state() == State.OPEN
                && finding.latency().orElse(Duration.ZERO).compareTo(bound(finding).get()) > 0;
    }

    private static Optional<Duration> bound(Finding finding) {
        return finding.path().wanted() instanceof Path.Open(Optional<Duration> latency) ? latency : Optional.empty();
    }

    private static String named(List<String> all) {
        String some = String.join(", ", all.stream().limit(NAMED).toList());
        return all.size() <= NAMED ? some : some + " and " + (all.size() - NAMED) + " more";
    }
}
