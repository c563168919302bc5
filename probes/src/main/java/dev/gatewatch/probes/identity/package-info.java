/** What probes share that ask one target in the names of several identities. */
@NullMarked
package dev.gatewatch.probes.identity;

import org.jspecify.annotations.NullMarked;
