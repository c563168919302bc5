/** The {@code slack} channel: messages through an incoming webhook. */
@NullMarked
package dev.gatewatch.alerting.channel.slack;

import org.jspecify.annotations.NullMarked;
