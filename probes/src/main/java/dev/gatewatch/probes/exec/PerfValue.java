package dev.gatewatch.probes.exec;

import java.util.OptionalDouble;

/**
 * One value of a plugin's performance data, in base units. Immutable.
 *
 * @param label as the plugin names it
 * @param value in seconds, bytes, a ratio for per cent, or as it is
 * @param warning when the plugin warns
 * @param critical when it fails
 * @param least the smallest that the value can be
 * @param most the largest, such as the size of a disk
 */
record PerfValue(
        String label, double value, Threshold warning, Threshold critical, OptionalDouble least, OptionalDouble most) {}
