package dev.gatewatch.backtest;

/** Something that the user can mend: the message says what is wrong with the history, where, and what to do. */
public final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unusable(String message) {
        super(message);
    }
}
