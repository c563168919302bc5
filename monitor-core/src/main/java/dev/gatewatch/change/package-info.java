/** Changes of what is watched (deployment markers), and what became of each probe after them: pure comparison of runs before and after. */
@NullMarked
package dev.gatewatch.change;

import org.jspecify.annotations.NullMarked;
