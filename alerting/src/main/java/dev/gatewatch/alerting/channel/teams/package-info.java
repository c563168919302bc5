/** The {@code teams} channel: adaptive cards through a Teams workflow. */
@NullMarked
package dev.gatewatch.alerting.channel.teams;

import org.jspecify.annotations.NullMarked;
