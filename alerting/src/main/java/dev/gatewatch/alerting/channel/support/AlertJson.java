package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.channel.support.NoticeText.Part;
import dev.gatewatch.alerting.channel.support.NoticeText.What;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * An alert as Prometheus and its friends know it: labels that identify, annotations that tell.
 *
 * <p>Receivers take the label set for the alert's identity, so only what stays the same while the trouble lasts is a label. Cause and
 * class may change meanwhile (a gateway that answers 500 and then goes down is still the same trouble): as labels they would make a new
 * alert of it each time, so they are annotations.
 */
public final class AlertJson {
    /** Bounds of one value; receivers keep alerts in memory. */
    private static final int MOST_LABEL = 1_024;

    private static final int MOST_ANNOTATION = 4_096;

    private AlertJson() {}

    /**
     * The labels: ours, then the user's, then {@code extra}; of two with one name the earlier stands. Empty ones are left out, as they
     * mean the same as none.
     */
    public static SequencedMap<String, String> labels(AlertView alert, Map<String, String> extra) {
        var labels = new LinkedHashMap<String, String>();
        put(labels, "alertname", alert.rule(), MOST_LABEL);
        put(labels, "severity", alert.severity().code(), MOST_LABEL);
        put(labels, "probe", alert.series().probe(), MOST_LABEL);
        put(labels, "type", alert.type(), MOST_LABEL);
        put(labels, "region", alert.series().region(), MOST_LABEL);
        put(labels, "location", alert.series().location(), MOST_LABEL);
        alert.labels().forEach((name, value) -> put(labels, name, value, MOST_LABEL));
        extra.forEach((name, value) -> put(labels, name, value, MOST_LABEL));
        return labels;
    }

    /** The annotations: the user's, then ours; of two with one name the user's stands. */
    public static SequencedMap<String, String> annotations(
            AlertView alert, boolean resolved, Setup setup, Instant now) {
        var annotations = new LinkedHashMap<String, String>();
        alert.annotations().forEach((name, value) -> put(annotations, name, value, MOST_ANNOTATION));
        var notice = new Notice(0, "", resolved ? Kind.RESOLVED : Kind.FIRING, alert, now, false);
        NoticeText text = NoticeText.of(notice, setup, now);
        Phrases phrases = Phrases.of(setup.wording().language());
        put(annotations, "summary", alert.series().display() + ": " + text.what(), MOST_ANNOTATION);
        put(annotations, "description", text.part(What.CAUSE).map(Part::text).orElse("") + " " + text.when(), MOST_ANNOTATION);
        put(annotations, "cause", alert.cause().code(), MOST_ANNOTATION);
        put(annotations, "class", alert.cause().causeClass().code(), MOST_ANNOTATION);
        put(annotations, "target", alert.target(), MOST_ANNOTATION);
        put(annotations, "evidence", Cut.oneLine(alert.evidence()), MOST_ANNOTATION);
        put(annotations, "remedy", phrases.remedy(alert.cause()), MOST_ANNOTATION);
        put(annotations, "dependents", text.part(What.DEPENDENTS).map(Part::text).orElse(""), MOST_ANNOTATION);
        return annotations;
    }

    private static void put(Map<String, String> into, String name, String value, int most) {
        String clean = Cut.chars(Cut.clean(value), most);
        if (!clean.isBlank()) {
            into.putIfAbsent(name, clean);
        }
    }
}
