package dev.gatewatch.cli;

import dev.gatewatch.backtest.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How far long work has come: a bar on a terminal, elsewhere a line every few seconds. Confined to one thread. */
final class ProgressLine implements Progress, AutoCloseable {
    private static final long BAR_EVERY = 200_000_000L;
    private static final long LINE_EVERY = 5_000_000_000L;
    private static final int WIDTH = 30;

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final long begun;
    private long nextAt;
    private int shown;

    /** @param terminal whether a person looks on */
    ProgressLine(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.nextAt = begun + (terminal ? BAR_EVERY : LINE_EVERY);
    }

    @Override
    public void at(long runs, double share) {
        long now = nanoTime.getAsLong();
        if (now - nextAt < 0) {
            return;
        }
        nextAt = now + (terminal ? BAR_EVERY : LINE_EVERY);
        String text = text(runs, share, (now - begun) / 1e9);
        if (terminal) {
            String line = bar(share) + text;
            out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
            shown = line.length();
        } else {
            out.println(text);
        }
        out.flush();
    }

    private static String bar(double share) {
        if (Double.isNaN(share)) {
            return "";
        }
        int full = (int) Math.round(WIDTH * share);
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] ";
    }

    private static String text(long runs, double share, double seconds) {
        var text = new StringBuilder();
        if (!Double.isNaN(share)) {
            text.append(String.format(Locale.ROOT, "%.0f %%, ", 100 * share));
        }
        text.append(String.format(Locale.ROOT, "%,d runs, %,d a second", runs, Math.round(runs / Math.max(0.001, seconds))));
        if (share > 0.01 && share < 1) {
            text.append(String.format(Locale.ROOT, ", %.0f s left", seconds / share - seconds));
        }
        return text.toString();
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (shown > 0) {
            out.print("\r" + " ".repeat(shown) + "\r");
            out.flush();
            shown = 0;
        }
    }
}
