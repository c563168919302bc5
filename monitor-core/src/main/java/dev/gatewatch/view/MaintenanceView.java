package dev.gatewatch.view;

import java.time.Instant;
import java.util.Optional;

/**
 * A configured maintenance window as it stands. Immutable.
 *
 * @param what which alerts it holds back, for people
 * @param when how it is written, for people
 * @param until when it ends, while it is open
 * @param next when it opens next
 */
public record MaintenanceView(String name, String what, String when, Optional<Instant> until, Optional<Instant> next) {}
