package dev.gatewatch.baseline;

/**
 * What a baseline says of one run, in the light of those before it. Immutable.
 *
 * @param score how rare the present is for this very series: the decimal logarithm of the days between two false alarms, if one alarmed
 *     at this score. 0 is expected once a day, 0.85 once a week, 1.48 once a month. Comparable across series. Never positive while
 *     learning or stale
 * @param shape of the deviation behind the score; {@link Shape#NONE} where there is none to speak of
 * @param since when the deviation began, in milliseconds of the epoch; the run's own time where there is none
 * @param now the present of what deviates: the typical value since then ({@link Shape#STEP}, {@link Shape#DRIFT}), the share of runs
 *     beyond {@link Baseline#far} since then, 0 to 1 ({@link Shape#VARIANCE}), or the share of failed runs ({@link Shape#ERRORS}). NaN
 *     where nothing is known
 * @param usual the usual range of the same; of shares only the middle is learnt, lower is 0 and upper thrice the middle
 */
public record Judgement(BaselineState state, double score, Shape shape, long since, double now, Band usual) {
    /** How far below its limit an alarm's score has to fall before the alarm is over. */
    private static final double HYSTERESIS = 0.5;

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
}
