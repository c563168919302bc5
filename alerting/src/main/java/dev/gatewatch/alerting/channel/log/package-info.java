/** The {@code log} channel: a line in the daemon's own log for each notice. */
@NullMarked
package dev.gatewatch.alerting.channel.log;

import org.jspecify.annotations.NullMarked;
