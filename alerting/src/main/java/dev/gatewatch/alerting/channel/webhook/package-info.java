/** The {@code webhook} channel: JSON in Alertmanager webhook form to any address. */
@NullMarked
package dev.gatewatch.alerting.channel.webhook;

import org.jspecify.annotations.NullMarked;
