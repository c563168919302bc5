/** Trails of facts that rules follow to their exhaustion: kept in the store. */
@NullMarked
package dev.gatewatch.alerting.trend;

import org.jspecify.annotations.NullMarked;
