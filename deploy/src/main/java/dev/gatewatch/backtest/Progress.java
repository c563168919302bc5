package dev.gatewatch.backtest;

/** Is told now and then how far a back-test has come. Called on the thread that started it. */
@FunctionalInterface
public interface Progress {
    /** Nobody looks. */
    Progress NONE = (_, _) -> {};

    /**
     * So far.
     *
     * @param runs how many were read
     * @param share of the history, 0 to 1; NaN where nobody can know
     */
    void at(long runs, double share);
}
