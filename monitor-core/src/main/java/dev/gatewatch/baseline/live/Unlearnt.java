package dev.gatewatch.baseline.live;

import dev.gatewatch.engine.ProbeSpec;
import java.time.Instant;

/** Which runs say nothing of what is usual. Asked on the evaluator's thread once a run, so it is quick. */
@FunctionalInterface
public interface Unlearnt {
    /** None. */
    Unlearnt NONE = (_, _) -> false;

    /** Whether a run of this series that started then is judged and not learnt, as in an incident or in maintenance. */
    boolean covers(ProbeSpec spec, Instant startedAt);

    /** Whether a run that started then is not even judged: what slowed it is our own. */
    default boolean ignores(Instant startedAt) {
        return false;
    }
}
