package dev.gatewatch.backtest;

/** The user has stopped the back-test. */
public final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Interrupted() {
        super("interrupted");
    }
}
