package dev.gatewatch.change;

/** What a series' latency usually is at a time of the week. Only its ups and downs matter, not its height. */
@FunctionalInterface
public interface Usual {
    /** Nothing is known of the week's rhythm. */
    Usual UNKNOWN = _ -> Double.NaN;

    /**
     * The usual latency in milliseconds.
     *
     * @param at Unix time in milliseconds
     * @return NaN where it is not known
     */
    double at(long at);
}
