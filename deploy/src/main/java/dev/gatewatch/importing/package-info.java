/** Writes a configuration of ours from those of blackbox_exporter, Gatus and Uptime Kuma. */
@NullMarked
package dev.gatewatch.importing;

import org.jspecify.annotations.NullMarked;
