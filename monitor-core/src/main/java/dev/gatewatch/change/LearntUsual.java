package dev.gatewatch.change;

import dev.gatewatch.baseline.Baseline;

/**
 * What a baseline of latencies in milliseconds has learnt of the week. A baseline knows half hours; between their middles the way is taken to be
 * straight, but for steep edges, which a batch window has. Confined to one thread, as the baseline is.
 */
public final class LearntUsual implements Usual {
    private static final long SLOT = 30 * 60_000L;

    /** Neighbouring half hours that differ by more have an edge between them. */
    private static final double EDGE = 0.25;

    private final Baseline baseline;

    // the last two half hours that were asked for
    private long slot = Long.MIN_VALUE;
    private double here = Double.NaN;
    private double next = Double.NaN;

    public LearntUsual(Baseline baseline) {
        this.baseline = baseline;
    }

    @Override
    public double at(long at) {
        long middle = Math.floorDiv(at - SLOT / 2, SLOT) * SLOT + SLOT / 2;
        if (middle != slot) {
            slot = middle;
            here = Math.log(baseline.band(middle).middle());
            next = Math.log(baseline.band(middle + SLOT).middle());
        }
        double way = (double) (at - middle) / SLOT;
        if (Math.abs(next - here) > EDGE) {
            return Math.exp(way < 0.5 ? here : next);
        }
        return Math.exp(here + way * (next - here));
    }
}
