/** The {@code alertmanager} channel: mirrors alerts into Alertmanager through its API v2. */
@NullMarked
package dev.gatewatch.alerting.channel.alertmanager;

import org.jspecify.annotations.NullMarked;
