/** Tests of the http probe against real local servers. */
@NullMarked
package dev.gatewatch.probes.http;

import org.jspecify.annotations.NullMarked;
