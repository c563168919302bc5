/** {@code type: instances}: every instance behind a name or in a registry. */
@NullMarked
package dev.gatewatch.probes.instances;

import org.jspecify.annotations.NullMarked;
