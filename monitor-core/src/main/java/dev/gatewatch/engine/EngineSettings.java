package dev.gatewatch.engine;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.util.List;

/**
 * The {@code engine:} section. Immutable.
 *
 * @param maxConcurrentRuns how many runs may go on at once; further ones wait and count as late
 */
public record EngineSettings(int maxConcurrentRuns) {
    private static final int DEFAULT_RUNS = 500;

    private static final Key<Integer> MAX_CONCURRENT_RUNS = Key.withDefault(
            "max_concurrent_runs",
            Types.integer(1, 100_000),
            DEFAULT_RUNS,
            Integer.toString(DEFAULT_RUNS),
            "How many runs may go on at once. Further ones wait for their turn, which shows as lateness.");

    /** How the section is read. */
    public static final SectionType<EngineSettings> SECTION = SectionType.of(
            "engine",
            List.of(MAX_CONCURRENT_RUNS),
            section -> new EngineSettings(section.get(MAX_CONCURRENT_RUNS)));

    /** What holds when the section is left out. */
    public static EngineSettings defaults() {
        return new EngineSettings(DEFAULT_RUNS);
    }
}
