/** The {@code telegram} channel: messages of a Telegram bot. */
@NullMarked
package dev.gatewatch.alerting.channel.telegram;

import org.jspecify.annotations.NullMarked;
