package dev.gatewatch.baseline.live;

import dev.gatewatch.engine.ProbeSpec;
import java.time.Instant;

/** Which runs are judged and not learnt: those in an incident or in maintenance. Asked on the evaluator's thread once a run, so it is quick. */
@FunctionalInterface
public interface Unlearnt {
    /** None. */
    Unlearnt NONE = (_, _) -> false;

    /** Whether a run of this series that started then says nothing of what is usual. */
    boolean covers(ProbeSpec spec, Instant startedAt);
}
