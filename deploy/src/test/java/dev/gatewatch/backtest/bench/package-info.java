/** Measures how fast history is played. */
@NullMarked
package dev.gatewatch.backtest.bench;

import org.jspecify.annotations.NullMarked;
