package dev.gatewatch.probes.tls;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Begin and end dates of certificates, and how to say them. Pure functions. */
final class Validity {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Validity() {}

    /** A fault for each certificate outside its dates, the server's own first. Both ends belong to the validity (RFC 5280 4.1.2.5). */
    static List<Failure> faults(List<X509Certificate> chain, Instant now) {
        var faults = new ArrayList<Failure>();
        for (X509Certificate certificate : chain) {
            Instant from = certificate.getNotBefore().toInstant();
            Instant until = certificate.getNotAfter().toInstant();
            String name = ChainJudge.name(certificate, chain.getFirst());
            if (now.isAfter(until)) {
                String text = name + " expired " + about(Duration.between(until, now)) + " ago (" + minute(until) + ")";
                faults.add(new Failure(Cause.CERT_EXPIRED, text));
            } else if (now.isBefore(from)) {
                String text =
                        name + " is valid only in " + about(Duration.between(now, from)) + " (from " + minute(from) + ")";
                faults.add(new Failure(Cause.CERT_NOT_YET_VALID, text));
            }
        }
        return faults;
    }

    static String minute(Instant instant) {
        return MINUTE.format(instant);
    }

    /**
     * A duration in the largest unit that fits: {@code 3 days}, {@code 1 hour}. Rounded down, yet not for less than half an hour of a
     * day: a certificate made a moment ago for five days ends in 5 days.
     */
    static String about(Duration duration) {
        long days = duration.plusMinutes(30).toDays();
        if (days > 0) {
            return count(days, "day");
        }
        if (duration.toHours() > 0) {
            return count(duration.toHours(), "hour");
        }
        if (duration.toMinutes() > 0) {
            return count(duration.toMinutes(), "minute");
        }
        return count(Math.max(1, duration.toSeconds()), "second");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
