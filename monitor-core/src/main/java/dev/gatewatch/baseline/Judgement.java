package dev.gatewatch.baseline;

/**
 * What a baseline says of one run, in the light of those before it. Immutable.
 *
 * @param score how rare the present is for this very series: the decimal logarithm of the days between two false alarms, if one alarmed
 *     at this score. 0 is expected once a day, 0.85 once a week, 1.48 once a month. Comparable across series. Never positive while
 *     learning or stale
 * @param shape of the deviation behind the score; {@link Shape#NONE} where there is none to speak of
 * @param since when the deviation began, in milliseconds of the epoch; the run's own time where there is none
 * @param now the present level of what deviates: the typical value since then (step, drift), the value that one in ten exceeds
 *     (variance), or the share of failed runs, 0 to 1 (errors). NaN where nothing is known
 * @param usual the usual range of the same
 */
public record Judgement(BaselineState state, double score, Shape shape, long since, double now, Band usual) {
    /** Whether this is an alarm to somebody with that sensitivity. */
    public boolean alarm(Sensitivity sensitivity) {
        return judges() && score >= sensitivity.limit();
    }

    /** Whether an alarm of that sensitivity is over: well below its limit, so that one at the limit does not flap. */
    public boolean over(Sensitivity sensitivity) {
        return !judges() || score < sensitivity.limit() - HYSTERESIS;
    }

    private boolean judges() {
        return state == BaselineState.READY || state == BaselineState.SHIFTED;
    }

    private static final double HYSTERESIS = 0.5;
}
