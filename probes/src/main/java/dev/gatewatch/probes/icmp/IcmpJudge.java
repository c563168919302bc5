package dev.gatewatch.probes.icmp;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.nativenet.SocketError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Optional;

/** What the replies of a run mean. Pure functions, but for a look at this machine's own addresses. */
final class IcmpJudge {
    private final IcmpBounds bounds;
    private final EchoOptions options;

    IcmpJudge(IcmpBounds bounds, EchoOptions options) {
        this.bounds = bounds;
        this.options = options;
    }

    void judge(Replies replies, InetAddress to, Report.Builder report) {
        String at = to.getHostAddress();
        if (replies.received() == 0) {
            nothingCame(replies, at, report);
        } else if (replies.loss() > bounds.maxLoss()) {
            report.fail(Cause.PACKET_LOSS, lost(replies, at, bounds.maxLoss()));
        } else if (replies.loss() > bounds.degradedLoss()) {
            report.degraded(Cause.PACKET_LOSS, lost(replies, at, bounds.degradedLoss()));
        }
        if (replies.received() > 0) {
            slow("mean round trip to " + at, replies.mean(), bounds.maxRtt(), report);
            slow("jitter of the way to " + at, replies.jitter(), bounds.maxJitter(), report);
        }
    }

    private void nothingCame(Replies replies, String at, Report.Builder report) {
        Optional<Echo.Refused> refusal = replies.refusals().stream().findFirst();
        if (refusal.isEmpty()) {
            report.fail(Cause.PACKET_LOSS, at + " answered none of " + packets(replies.sent()));
            return;
        }
        SocketError error = refusal.get().error();
        report.fail(
                cause(error),
                "none of " + packets(replies.sent()) + " to " + at + " was answered: " + words(refusal.get()));
    }

    private Cause cause(SocketError error) {
        boolean elsewhere = error.from().isPresent() && !own(error.from().get());
        return switch (error.answer()) {
            case UNREACHABLE -> elsewhere ? Cause.ROUTE_BROKEN : Cause.CONNECT_UNREACHABLE;
            // with few hops allowed it says nothing of the route; with many there is a loop
            case EXPIRED -> options.ttl() >= IcmpProbeType.STANDARD_TTL ? Cause.ROUTE_BROKEN : Cause.PACKET_LOSS;
            case PROHIBITED, REFUSED -> Cause.CONNECT_UNREACHABLE;
            case TOO_BIG, OTHER -> Cause.PACKET_LOSS;
        };
    }

    /** Who said what. */
    static String words(Echo.Refused refusal) {
        SocketError error = refusal.error();
        return error.from().map(from -> from.getHostAddress() + " ").orElse("") + error.words();
    }

    private static boolean own(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException _) {
            return false;
        }
    }

    private static String lost(Replies replies, String at, double allowed) {
        return (replies.sent() - replies.received()) + " of " + packets(replies.sent()) + " to " + at + " lost ("
                + percent(replies.loss()) + ", more than " + percent(allowed) + ")";
    }

    private static void slow(String what, Duration seen, Optional<Duration> most, Report.Builder report) {
        if (most.isPresent() && seen.compareTo(most.get()) > 0 && report.outcome() != Outcome.FAIL) {
            report.degraded(
                    Cause.LATENCY_HIGH,
                    what + " was " + Durations.format(seen) + ", more than " + Durations.format(most.get()));
        }
    }

    private static String packets(int number) {
        return number == 1 ? "1 packet" : number + " packets";
    }

    private static String percent(double share) {
        return Math.round(share * 1_000) / 10.0 + " %";
    }
}
