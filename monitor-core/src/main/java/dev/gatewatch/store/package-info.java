/** The durable memory: journal of results and the transactions that judging happens in. */
@NullMarked
package dev.gatewatch.store;

import org.jspecify.annotations.NullMarked;
