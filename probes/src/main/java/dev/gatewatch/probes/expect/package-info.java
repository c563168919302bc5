/** What an HTTP answer has to be, and why it is not: shared by the types that ask over HTTP. */
@NullMarked
package dev.gatewatch.probes.expect;

import org.jspecify.annotations.NullMarked;
