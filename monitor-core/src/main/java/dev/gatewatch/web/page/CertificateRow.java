package dev.gatewatch.web.page;

import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.view.SeriesView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When certificates end. Immutable.
 *
 * @param probes who sees a certificate that ends at this very second; in practice one and the same certificate
 * @param left {@code 5 days left}, {@code expired 2 days ago}
 * @param tone {@code fail}, {@code degraded} or {@code pass}
 * @param share of a year that is left, 0 to 100, for the bar
 */
public record CertificateRow(List<Seen> probes, String left, String expiresAt, String tone, long share) {
    private static final String METRIC = "probe_ssl_earliest_cert_expiry";
    private static final long DAY = 86_400;

    /** A probe that sees the certificate. */
    public record Seen(String name, String path) {}

    /** Soonest first. */
    static List<CertificateRow> all(List<SeriesView> series, Instant now) {
        var byEnd = new TreeMap<Long, List<Seen>>();
        for (SeriesView s : series) {
            expiry(s).ifPresent(end -> byEnd.computeIfAbsent(end, _ -> new ArrayList<>())
                    .add(new Seen(s.series().display(), Words.probePath(s.series().probe()))));
        }
        return byEnd.entrySet().stream()
                .map(e -> of(e.getKey(), e.getValue(), now))
                .toList();
    }

    private static Optional<Long> expiry(SeriesView s) {
        return s.facts().stream()
                .filter(f -> f.metric().filter(METRIC::equals).isPresent())
                .map(FactSpec::name)
                .findFirst()
                .flatMap(name -> s.last().map(r -> r.report().facts().get(name)))
                .filter(Fact.Quantity.class::isInstance)
                .map(f -> (long) ((Fact.Quantity) f).number())
                .filter(end -> end > 0 && end < 100_000_000_000L);
    }

    private static CertificateRow of(long end, List<Seen> probes, Instant now) {
        long seconds = Duration.between(now, Instant.ofEpochSecond(end)).toSeconds();
        long days = Math.abs(seconds) / DAY;
        String left;
        if (seconds < 0) {
            left = "expired " + (days == 0 ? Words.span(Duration.ofSeconds(-seconds)) : Words.count(days, "day")) + " ago";
        } else {
            left = (days == 0 ? Words.span(Duration.ofSeconds(seconds)) : Words.count(days, "day")) + " left";
        }
        String tone = seconds < 7 * DAY ? "fail" : seconds < 30 * DAY ? "degraded" : "pass";
        long share = Math.clamp(seconds * 100 / (365 * DAY), 0, 100);
        return new CertificateRow(
                List.copyOf(probes), left, Instant.ofEpochSecond(end).toString(), tone, share);
    }
}
