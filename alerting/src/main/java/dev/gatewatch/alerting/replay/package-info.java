/** The daemon's own judges over runs that are past or made up: without a store, and without telling anybody. */
@NullMarked
package dev.gatewatch.alerting.replay;

import org.jspecify.annotations.NullMarked;
