/** From schedule to judgement: running probes, journalling their results and letting judges advance. */
@NullMarked
package dev.gatewatch.engine;

import org.jspecify.annotations.NullMarked;
