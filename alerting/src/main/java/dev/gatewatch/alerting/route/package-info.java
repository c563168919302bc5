/** Routes: which alert goes to which channels. */
@NullMarked
package dev.gatewatch.alerting.route;

import org.jspecify.annotations.NullMarked;
