package dev.gatewatch.alerting.rule;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The certificate ends within a window of time; the tightest crossed one is told. Being expired is the tightest of all. Judged on any
 * run that reports when the presented chain ends, also a failed one. Immutable.
 *
 * @param windows from wide to tight, each above 0
 */
public record CertificateExpiry(List<Duration> windows) implements Condition {
    public CertificateExpiry {
        windows = windows.stream()
                .sorted(Comparator.<Duration>naturalOrder().reversed())
                .toList();
    }

    @Override
    public int runs(Duration interval) {
        return 1;
    }

    @Override
    public Duration reach(Duration interval) {
        return Condition.reachOf(1, interval);
    }

    @Override
    public boolean counts(SeriesWindow window, int age) {
        return true;
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        if (window.size() > 0 && window.outcome(0) == Outcome.PASS && !window.certificateSeenNow()) {
            // another address is probed now, one without a certificate
            return new Verdict.Clear("the last run passed without a certificate");
        }
        var end = window.certificateExpiry(reach(window.interval()));
        if (end.isEmpty()) {
            return new Verdict.Unknown("no certificate seen");
        }
        Instant now = window.startedAt(0);
        Duration left = Duration.between(now, end.get());
        long crossed = windows.stream().filter(w -> left.compareTo(w) <= 0).count();
        if (crossed == 0) {
            return new Verdict.Clear("certificate expires in " + Words.roughly(left));
        }
        boolean expired = left.isNegative() || left.isZero();
        String message = expired
                ? "certificate expired " + Words.roughly(left.negated()) + " ago (" + Words.minute(end.get()) + ")"
                : "certificate expires in " + Words.roughly(left) + " (" + Words.minute(end.get()) + "), within "
                        + Durations.format(windows.get((int) crossed - 1));
        return new Verdict.Holds(
                now,
                expired ? Cause.CERT_EXPIRED : Cause.CERT_EXPIRING,
                message,
                message,
                "",
                (int) crossed + (expired ? 1 : 0),
                expired ? "expired" : Words.roughly(left));
    }
}
