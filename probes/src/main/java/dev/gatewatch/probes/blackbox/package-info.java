/**
 * The modules of blackbox_exporter, read as they are and turned into Gatewatch's own probes: the one translation serves the drop-in
 * {@code /probe}, and the import of a configuration.
 */
@NullMarked
package dev.gatewatch.probes.blackbox;

import org.jspecify.annotations.NullMarked;
