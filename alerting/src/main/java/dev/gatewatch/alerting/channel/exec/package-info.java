/** The {@code exec} channel: a program of the user's own for each message. */
@NullMarked
package dev.gatewatch.alerting.channel.exec;

import org.jspecify.annotations.NullMarked;
