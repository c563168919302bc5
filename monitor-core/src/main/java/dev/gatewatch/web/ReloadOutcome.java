package dev.gatewatch.web;

import java.util.List;

/**
 * How a reload of the configuration went. Immutable.
 *
 * @param taken whether the new configuration runs now; otherwise the old one goes on
 * @param problems each a line for people; warnings where it was taken
 */
public record ReloadOutcome(boolean taken, List<String> problems) {
    public ReloadOutcome {
        problems = List.copyOf(problems);
    }
}
