package dev.gatewatch.view;

import java.time.Instant;
import java.util.List;

/**
 * How the configuration stands. Immutable.
 *
 * @param loadedAt when the running configuration was taken
 * @param lastReloadOk whether the latest attempt to load was taken
 * @param problems of the latest attempt, each a line for people
 */
public record ConfigStatus(List<String> files, Instant loadedAt, Instant lastAttempt, boolean lastReloadOk, List<String> problems) {
    public ConfigStatus {
        files = List.copyOf(files);
        problems = List.copyOf(problems);
    }
}
