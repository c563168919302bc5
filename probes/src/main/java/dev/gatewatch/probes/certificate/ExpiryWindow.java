package dev.gatewatch.probes.certificate;

import dev.gatewatch.probes.tls.ChainFacts;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * When an end is so close that it is worth a word. By days for certificates of months, by share of the lifetime for those of days, which
 * would never be out of a window of days. Immutable.
 *
 * @param within for certificates that live longer than twice this
 * @param withinForAll whether it counts for all, as when an operator wrote it
 * @param share of the lifetime, for shorter-lived ones
 * @param shareForAll whether the share counts for all, beside {@code within}
 */
record ExpiryWindow(Duration within, boolean withinForAll, double share, boolean shareForAll) {
    /** What to say of the first among certificates that ends and is close to it; nothing for none, also where it has ended. */
    Optional<String> endsSoon(Collection<X509Certificate> certificates, Instant now) {
        return certificates.stream()
                .filter(c -> isIn(c, now))
                .min(Comparator.comparing(X509Certificate::getNotAfter))
                .map(c -> say(c, now));
    }

    private boolean isIn(X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            return false;
        }
        boolean longLived = isLongLived(certificate);
        boolean byDays = longLived && end.isBefore(now.plus(within));
        boolean byShare = (!longLived || shareForAll) && left(certificate, now) < share;
        return byDays || byShare;
    }

    /** Whether days say something about it. */
    private boolean isLongLived(X509Certificate certificate) {
        return withinForAll || lifetime(certificate).compareTo(within.multipliedBy(2)) > 0;
    }

    private String say(X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        String text = ChainFacts.endsSoon(end, now);
        boolean byDays = isLongLived(certificate) && end.isBefore(now.plus(within));
        return byDays
                ? text
                : text + ": " + Math.round(100 * left(certificate, now)) + "% of its lifetime of "
                        + ChainFacts.about(lifetime(certificate)) + " is left, less than "
                        + String.format(Locale.ROOT, "%.4g", 100 * share).replaceFirst("\\.?0+$", "") + "%";
    }

    private static Duration lifetime(X509Certificate certificate) {
        return Duration.between(
                certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
    }

    private static double left(X509Certificate certificate, Instant now) {
        double whole = lifetime(certificate).toSeconds();
        double left =
                Duration.between(now, certificate.getNotAfter().toInstant()).toSeconds();
        return whole <= 0 ? 0 : left / whole;
    }
}
