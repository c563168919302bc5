/** The drop-in for blackbox_exporter: {@code GET /probe} over the modules of an existing {@code blackbox.yml}. */
@NullMarked
package dev.gatewatch.dropin;

import org.jspecify.annotations.NullMarked;
