package dev.gatewatch.dropin;

import java.time.Duration;
import java.util.Optional;

/** How long a run asked for by a scrape may take, by blackbox_exporter's arithmetic. Pure function. */
final class ScrapeTimeout {
    /** Where the scraper does not say how long it waits. */
    private static final double UNSAID = 120;

    /** What Prometheus needs for itself ({@code --timeout-offset}). */
    private static final double OFFSET = 0.5;

    private ScrapeTimeout() {}

    /**
     * The time-out.
     *
     * @param header seconds, as the scraper sent them
     * @param module the module's own bound
     * @throws NumberFormatException when the header is no number
     */
    static Duration of(Optional<String> header, Optional<Duration> module) {
        double asked = header.map(ScrapeTimeout::seconds).orElse(0.0);
        double most = (asked == 0 ? UNSAID : asked) - OFFSET;
        double own = module.map(d -> d.toNanos() / 1e9).orElse(0.0);
        double chosen = (own > 0 && own < most) || most < 0 ? own : most;
        return Duration.ofNanos(Math.max(1_000_000, (long) (Math.min(chosen, 86_400) * 1e9)));
    }

    private static double seconds(String header) {
        double seconds = Double.parseDouble(header.strip());
        if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
            throw new NumberFormatException("\"" + header + "\" is no number of seconds");
        }
        return seconds;
    }
}
