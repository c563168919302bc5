package dev.gatewatch.view;

import java.time.Instant;
import java.util.Optional;

/**
 * What is usual for one quantity of a series, and how unusual its present is, as of the latest run. Immutable.
 *
 * @param quantity {@code latency}, {@code phase.NAME} or {@code fact.NAME}
 * @param score how rare the present is for this series: the decimal logarithm of the days between two alarms at this score; −2 at least
 * @param usual the usual range now: milliseconds for latency and phases, else the fact's own unit
 * @param shift the level that was taken over in the last day
 * @param drift the level as a multiple of what it was four weeks ago, or as long ago as is known; absent in the first day
 * @param why what is unusual now, in one sentence; empty where nothing is
 * @param past the usual range over the last day; empty for all but latency
 */
public record BaselineView(
        String quantity,
        State state,
        double score,
        Optional<Band> usual,
        Optional<Shift> shift,
        Optional<Double> drift,
        String why,
        Bands past) {
    /** The quantity that all series have. */
    public static final String LATENCY = "latency";

    /** How much its word is worth. */
    public enum State {
        LEARNING,
        READY,
        SHIFTED,
        STALE;

        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Nine of ten usual values lie between lower and upper. */
    public record Band(double lower, double middle, double upper) {}

    /**
     * A new level that was taken over because the old one did not come back.
     *
     * @param ratio to the level before, such as 1.38; for facts the difference in tenths of spreads
     */
    public record Shift(Instant at, double ratio) {}

    /** What is going on, in a few words: {@code learning: nothing is judged yet}. Empty while ready. */
    public String standing() {
        return switch (state) {
            case LEARNING -> "learning what is usual; nothing is judged before the hundredth run";
            case READY -> "";
            case SHIFTED -> shift.map(BaselineView::told).orElse("took over a new level");
            case STALE -> "no run for days, so what was learnt may be out of date; judges again after 30 runs";
        };
    }

    private static String told(Shift shift) {
        long percent = Math.round(Math.abs(shift.ratio() - 1) * 100);
        return "took over a new level " + percent + " % " + (shift.ratio() < 1 ? "lower" : "higher");
    }
}
