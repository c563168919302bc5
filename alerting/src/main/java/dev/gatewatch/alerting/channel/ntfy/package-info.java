/** The {@code ntfy} channel: push messages through an ntfy server. */
@NullMarked
package dev.gatewatch.alerting.channel.ntfy;

import org.jspecify.annotations.NullMarked;
