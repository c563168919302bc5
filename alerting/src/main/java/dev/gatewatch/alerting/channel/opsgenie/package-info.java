/** The {@code opsgenie} channel: alerts through Opsgenie's Alert API and what is compatible with it. */
@NullMarked
package dev.gatewatch.alerting.channel.opsgenie;

import org.jspecify.annotations.NullMarked;
