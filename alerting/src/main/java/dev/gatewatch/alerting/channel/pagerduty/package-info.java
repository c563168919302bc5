/** The {@code pagerduty} channel: incidents through PagerDuty's Events API v2. */
@NullMarked
package dev.gatewatch.alerting.channel.pagerduty;

import org.jspecify.annotations.NullMarked;
