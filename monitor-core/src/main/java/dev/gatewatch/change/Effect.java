package dev.gatewatch.change;

/**
 * How much changed, and between what and what it lies with {@link Bounds#CONFIDENCE}. Immutable.
 *
 * @param change of latency: the ratio of after to before, less one (0.2 is a fifth slower); of failures: the share after less that before
 * @param worse how probable it is to see so great a rise where there is none
 * @param better how probable it is to see so great a fall where there is none
 */
public record Effect(double change, double lower, double upper, double worse, double better) {}
