/** The {@code email} channel: mail through an SMTP server. */
@NullMarked
package dev.gatewatch.alerting.channel.email;

import org.jspecify.annotations.NullMarked;
