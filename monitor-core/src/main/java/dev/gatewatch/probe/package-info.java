/** What a probe is: the SPI that probe types implement, and the values that a run yields. */
@NullMarked
package dev.gatewatch.probe;

import org.jspecify.annotations.NullMarked;
