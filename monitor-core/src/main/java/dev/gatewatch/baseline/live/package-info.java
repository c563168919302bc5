/** Baselines of the running daemon: one a series, learnt as runs come and kept over restarts. */
@NullMarked
package dev.gatewatch.baseline.live;

import org.jspecify.annotations.NullMarked;
