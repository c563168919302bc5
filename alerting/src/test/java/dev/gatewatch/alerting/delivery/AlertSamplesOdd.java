package dev.gatewatch.alerting.delivery;

import dev.gatewatch.view.AlertView;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Alerts with values that codecs stumble over. */
final class AlertSamplesOdd {
    private AlertSamplesOdd() {}

    static AlertView withEverythingOdd(AlertView a) {
        var labels = new LinkedHashMap<String, String>();
        labels.put("z", "支付 \"quoted\" \\ 😀\n");
        labels.put("a", "");
        return new AlertView(
                a.id(), "", a.rule(), a.series(), "", "", AlertView.Severity.INFO, a.state(), a.cause(), "line\nline \u0000 <&>",
                "", a.startsAt().plusNanos(123_456_789), Optional.empty(), a.endsAt(), "removed", labels, new LinkedHashMap<>());
    }
}
