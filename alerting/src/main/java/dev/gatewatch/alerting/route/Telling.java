package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.view.AlertView;

/**
 * That a channel is to be told of an alert: a notice before it is written. Those of one channel and group that are decided together are
 * sent as one message. Immutable.
 *
 * @param why a short sentence why now, where the kind does not say it; else empty
 */
public record Telling(String channel, Notice.Kind kind, AlertView alert, Notice.Group group, String why) {}
