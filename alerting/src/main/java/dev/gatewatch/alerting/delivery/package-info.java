/** The durable way from a decided alert to its channels: nothing that was decided is lost, nothing known to have arrived is repeated. */
@NullMarked
package dev.gatewatch.alerting.delivery;

import org.jspecify.annotations.NullMarked;
