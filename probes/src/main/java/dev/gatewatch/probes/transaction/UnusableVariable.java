package dev.gatewatch.probes.transaction;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;

/** A variable that has no value, or one that does not fit where it should go. */
final class UnusableVariable extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    private UnusableVariable(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    /** No step has captured it. */
    static UnusableVariable missing(String name) {
        return new UnusableVariable(
                new Failure(Cause.CAPTURE_MISSING, "$(" + name + ") has no value: the step that captures it did not get that far"));
    }

    /** Its value cannot go there; {@code why} completes "the value of $(name) …" and shows no value. */
    static UnusableVariable unfit(String name, String why) {
        return new UnusableVariable(new Failure(Cause.CONTENT_MISMATCH, "the value of $(" + name + ") " + why));
    }

    Failure failure() {
        return failure;
    }
}
