/** Names, connections and what goes wrong with them: shared by the probe types. */
@NullMarked
package dev.gatewatch.probes.net;

import org.jspecify.annotations.NullMarked;
