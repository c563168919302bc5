package dev.gatewatch.probes.exec;

import java.util.OptionalInt;

/**
 * How a command ended and what it said. Immutable.
 *
 * @param exitCode 128 and more for a signal; empty where it did not end in time and was ended
 * @param output what was kept of its standard output
 * @param errors what was kept of its standard error
 * @param cut whether more was said than is kept
 * @param leftBehind whether processes that it started held its output and were ended
 */
record Ended(OptionalInt exitCode, String output, String errors, boolean cut, boolean leftBehind) {}
