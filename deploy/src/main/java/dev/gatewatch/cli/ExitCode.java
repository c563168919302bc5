package dev.gatewatch.cli;

/** What commands leave with. */
final class ExitCode {
    /** All is well. */
    static final int WELL = 0;

    /** The command worked and its answer is no: a probe failed, a configuration has problems. */
    static final int NO = 1;

    /** Bad usage, or a fault on our own side. */
    static final int FAULT = 2;

    /** The user has stopped it. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
