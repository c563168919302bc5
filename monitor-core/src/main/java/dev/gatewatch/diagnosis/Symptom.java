package dev.gatewatch.diagnosis;

import dev.gatewatch.probe.Cause;
import java.util.List;

/**
 * A series in trouble, as its own runs show it, beside the other regions of its probe. Immutable.
 *
 * @param cause what the series' own runs say
 * @param message in a person's words, without a count of runs: {@code status 500, expected 200}
 * @param own the series in trouble
 * @param others the probe's other regions at the same location that have runs to show; empty for a probe without regions
 * @param silent how many other regions have none
 * @param named whether the region is called slow already
 */
public record Symptom(Cause cause, String message, Standing own, List<Standing> others, int silent, boolean named) {
    public Symptom {
        others = List.copyOf(others);
    }

    /** One of a region that is not called slow yet. */
    public Symptom(Cause cause, String message, Standing own, List<Standing> others, int silent) {
        this(cause, message, own, others, silent, false);
    }
}
