package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.view.AlertView;

/** Tellings of alerts that stand alone. */
final class Tellings {
    private Tellings() {}

    static Telling of(String channel, Kind kind, AlertView alert) {
        return new Telling(channel, kind, alert, new Notice.Group(alert.id(), "", kind.firing() ? 1 : 0), "");
    }
}
