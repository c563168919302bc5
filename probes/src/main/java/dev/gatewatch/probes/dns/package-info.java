/** The dns probe: asks resolvers by itself and compares their answers with what is expected and with each other. */
@NullMarked
package dev.gatewatch.probes.dns;

import org.jspecify.annotations.NullMarked;
