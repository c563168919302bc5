/** Where targets call back: one small HTTP listener for all probes that wait for callbacks. */
@NullMarked
package dev.gatewatch.probes.callback;

import org.jspecify.annotations.NullMarked;
