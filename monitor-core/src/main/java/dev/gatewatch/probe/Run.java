package dev.gatewatch.probe;

import java.time.Clock;

/**
 * What the engine gives a probe for one run. Immutable.
 *
 * @param series who runs
 * @param deadline the probe must end by then with a cause of its own; the engine interrupts it a moment later
 * @param clock wall clock, for questions such as whether a certificate is expired
 * @param memory what earlier runs of the series left for this one
 * @param traceId 32 lower-case hex digits (W3C Trace Context), for what a probe sends to its target
 */
public record Run(Series series, Deadline deadline, Clock clock, Memory memory, String traceId) {}
