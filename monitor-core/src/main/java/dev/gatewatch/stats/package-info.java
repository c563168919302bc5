/** Statistics that several parts share: pure functions of numbers. */
@NullMarked
package dev.gatewatch.stats;

import org.jspecify.annotations.NullMarked;
