/** The {@code http} probe type: one request, its redirects, and what is expected of the answer. */
@NullMarked
package dev.gatewatch.probes.http;

import org.jspecify.annotations.NullMarked;
