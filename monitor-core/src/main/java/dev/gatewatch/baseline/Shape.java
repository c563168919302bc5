package dev.gatewatch.baseline;

/** In which way the present differs from the usual. */
public enum Shape {
    /** Not at all, or too little to name. */
    NONE,
    /** All values moved at once. */
    STEP,
    /** All values crept away over hours. */
    DRIFT,
    /** Most values are usual; more than usual of them are far off. */
    VARIANCE,
    /** More runs fail than usual. */
    ERRORS
}
