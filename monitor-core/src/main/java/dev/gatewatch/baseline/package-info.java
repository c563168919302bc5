/**
 * Baselines: what is usual for one measured quantity of one series, learnt from its runs as they come, and how unusual the present is
 * against it. Pure Java: knows no store, no rule and no clock. The method, its sources and its figures are in {@code docs/baselines.md}.
 */
@NullMarked
package dev.gatewatch.baseline;

import org.jspecify.annotations.NullMarked;
