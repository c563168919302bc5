package dev.gatewatch.alerting.channel.webhook;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.channel.support.AlertJson;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.Links;
import dev.gatewatch.alerting.channel.support.NoticeText;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body: Alertmanager's webhook payload, version 4, of a group of one alert, so that what understands Alertmanager understands us.
 * Fields of our own stand in the alert.
 */
record WebhookBody(Setup setup) {
    /** How Go, and so Alertmanager, writes "no time". */
    private static final String NO_TIME = "0001-01-01T00:00:00Z";

    private static final int MOST_TEXT = 10_000;

    byte[] of(Notice notice, Instant now) {
        AlertView view = notice.alert();
        boolean resolved = notice.kind() == Kind.RESOLVED;
        String status = resolved ? "resolved" : "firing";
        Map<String, String> labels = AlertJson.labels(view, Map.of());
        Map<String, String> annotations = AlertJson.annotations(view, resolved, setup, now);
        NoticeText text = NoticeText.of(notice, setup, now);

        var alert = new LinkedHashMap<String, Object>();
        alert.put("status", status);
        alert.put("labels", labels);
        alert.put("annotations", annotations);
        alert.put("startsAt", view.startsAt().toString());
        alert.put("endsAt", resolved ? view.endsAt().orElse(now).toString() : NO_TIME);
        alert.put("generatorURL", setup.externalUrl().map(url -> Links.probe(url, view)).orElse(""));
        alert.put("fingerprint", view.fingerprint());
        alert.put("noticeId", notice.id());
        alert.put("alertId", view.id());
        alert.put("mayRepeat", notice.mayRepeat());
        alert.put("cause", view.cause().code());
        alert.put("class", view.cause().causeClass().code());
        alert.put("title", text.title());
        alert.put("message", Cut.chars(text.what(), MOST_TEXT));
        alert.put("evidence", Cut.chars(Cut.oneLine(view.evidence()), MOST_TEXT));
        alert.put("remedy", annotations.getOrDefault("remedy", view.cause().remedy()));
        alert.put("why", notice.why());

        var body = new LinkedHashMap<String, Object>();
        body.put("version", "4");
        body.put("groupKey", "{}:{fingerprint=\"" + view.fingerprint() + "\"}");
        body.put("truncatedAlerts", 0);
        body.put("status", status);
        body.put("receiver", setup.name());
        body.put("groupLabels", Map.of("alertname", view.rule()));
        body.put("commonLabels", labels);
        body.put("commonAnnotations", annotations);
        body.put("externalURL", setup.externalUrl().map(Object::toString).orElse(""));
        body.put("alerts", List.of(alert));
        return JsonMapper.shared().writeValueAsBytes(body);
    }
}
