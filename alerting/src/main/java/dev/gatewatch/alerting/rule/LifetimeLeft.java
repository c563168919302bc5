package dev.gatewatch.alerting.rule;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * Less than a share of a certificate's lifetime is left: the server's own, or of files the one with the least. Fits certificates of any
 * lifetime, where {@link CertificateExpiry} needs a time for each. Immutable.
 *
 * @param share a fraction
 */
public record LifetimeLeft(double share) implements Condition {
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
    public boolean counts(SeriesWindow window, int age) {
        return true;
    }

    @Override
    public Verdict judge(SeriesWindow window) {
        OptionalDouble left = window.lifetimeLeft();
        if (left.isEmpty()) {
            return window.size() > 0 && window.outcome(0) == Outcome.PASS
                    ? new Verdict.Clear("the last run passed without a certificate")
                    : new Verdict.Unknown("no certificate seen");
        }
        double share = left.getAsDouble();
        if (share >= this.share) {
            return new Verdict.Clear(Words.percent(share) + " of the certificate's lifetime is left");
        }
        boolean expired = share <= 0;
        String value = expired ? "none" : Words.percent(share);
        String message = value + " of the certificate's lifetime is left, less than " + Words.percent(this.share);
        return new Verdict.Holds(
                window.startedAt(0), expired ? Cause.CERT_EXPIRED : Cause.CERT_EXPIRING, message, message, "", expired ? 1 : 0, value);
    }
}
