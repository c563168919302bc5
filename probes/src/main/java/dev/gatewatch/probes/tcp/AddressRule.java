package dev.gatewatch.probes.tcp;

/** How many of the addresses behind a name must do. */
enum AddressRule {
    ANY,
    ALL,
    /** More than half. */
    QUORUM;

    boolean holds(int up, int all) {
        return switch (this) {
            case ANY -> up > 0;
            case ALL -> up == all;
            case QUORUM -> 2 * up > all;
        };
    }

    /** What is needed, to complete "…, and … must". */
    String wanted(int all) {
        return switch (this) {
            case ANY -> "at least one";
            case ALL -> "all";
            case QUORUM -> "at least " + (all / 2 + 1);
        };
    }
}
