package dev.gatewatch.baseline;

/** How much a baseline's word is worth now. */
public enum BaselineState {
    /** Too few runs yet: judges nothing. */
    LEARNING,
    /** Knows what is usual. */
    READY,
    /** Took over a new level lately, because the old one did not come back. Judges against the new one. */
    SHIFTED,
    /** Had no run for so long that what it knows may be out of date. Judges nothing until some runs have come. */
    STALE
}
