package dev.gatewatch.diagnosis;

import dev.gatewatch.probe.Cause;

/**
 * What a diagnosis found. Immutable.
 *
 * @param message one line for a person woken at night; still names what was seen
 */
public record Finding(Cause cause, String message) {}
