package dev.gatewatch.change;

/**
 * The times that are compared, Unix time in milliseconds. Immutable.
 *
 * @param earliest before which nothing counts: where the change before this one ended
 * @param changed when the change began: what ran before is the before
 * @param from when it was done: what ran from here on is the after
 * @param to where the after ends
 */
public record Span(long earliest, long changed, long from, long to) {
    public Span {
        if (from < changed || to < from) {
            throw new IllegalArgumentException("times in disorder: " + changed + ", " + from + ", " + to);
        }
    }

    long after() {
        return to - from;
    }

    long gap() {
        return from - changed;
    }
}
