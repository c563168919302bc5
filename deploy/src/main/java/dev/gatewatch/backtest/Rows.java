package dev.gatewatch.backtest;

import dev.gatewatch.probe.Report;

/** Some runs of history, a column each for what is known of them; handed from the reading thread to a worker as a whole. */
final class Rows {
    static final int MOST = 4_096;

    final Member[] member = new Member[MOST];
    final long[] startedAt = new long[MOST];
    final long[] nanos = new long[MOST];
    final Report[] report = new Report[MOST];
    final long[] place = new long[MOST];
    int size;

    /** Adds a row, and answers whether there is room for more. */
    boolean add(Member whose, long startedAtMillis, long durationNanos, Report said, long where) {
        member[size] = whose;
        startedAt[size] = startedAtMillis;
        nanos[size] = durationNanos;
        report[size] = said;
        place[size] = where;
        return ++size < MOST;
    }
}
