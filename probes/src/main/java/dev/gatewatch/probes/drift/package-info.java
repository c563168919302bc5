/** The {@code drift} probe type: settings and versions compared with what they should be. */
@NullMarked
package dev.gatewatch.probes.drift;

import org.jspecify.annotations.NullMarked;
