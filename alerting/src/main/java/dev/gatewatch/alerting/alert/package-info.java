/** Alerts: what rules found, from pending over firing to resolved, with an identity and a start that outlive restarts. */
@NullMarked
package dev.gatewatch.alerting.alert;

import org.jspecify.annotations.NullMarked;
