package dev.gatewatch.alerting.slo;

import dev.gatewatch.engine.ProbeSpec;
import java.time.Instant;

/** Which runs no objective counts: those in maintenance. Asked on the evaluator's thread, once a run. */
public interface Excluded {
    Excluded NONE = (_, _) -> false;

    /** Whether a run of this series that started then is left out. */
    boolean excludes(ProbeSpec spec, Instant startedAt);
}
