/**
 * Back-tests: history goes through the daemon's own judges, and what they would have said is recorded. {@code Backtest} tells the way: source →
 * intake → workers → circles → findings.
 */
@NullMarked
package dev.gatewatch.backtest;

import org.jspecify.annotations.NullMarked;
