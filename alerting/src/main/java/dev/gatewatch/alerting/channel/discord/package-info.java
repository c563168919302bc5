/** The {@code discord} channel: embeds through a Discord webhook. */
@NullMarked
package dev.gatewatch.alerting.channel.discord;

import org.jspecify.annotations.NullMarked;
