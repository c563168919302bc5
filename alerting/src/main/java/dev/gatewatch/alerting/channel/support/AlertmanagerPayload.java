package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * Notices of one group as Alertmanager's webhook payload, version 4, so that what understands Alertmanager understands us. Fields of our
 * own stand in the alerts. Immutable.
 */
public record AlertmanagerPayload(Setup setup) {
    /** How Go, and so Alertmanager, writes "no time". */
    private static final String NO_TIME = "0001-01-01T00:00:00Z";

    private static final int MOST_TEXT = 10_000;

    /** The payload as JSON. */
    public byte[] json(List<Notice> notices, Instant now) {
        List<Map<String, Object>> alerts = notices.stream().map(notice -> alert(notice, now)).toList();
        Notice last = notices.getLast();
        boolean firing = notices.stream().anyMatch(notice -> notice.kind() != Kind.RESOLVED);
        var body = new LinkedHashMap<String, Object>();
        body.put("version", "4");
        body.put("groupKey", "{}:{group=\"" + last.group().key() + "\"}");
        body.put("truncatedAlerts", 0);
        body.put("status", firing ? "firing" : "resolved");
        body.put("receiver", setup.name());
        body.put("groupLabels", common(notices, notice -> Map.of("alertname", notice.alert().rule())));
        body.put("commonLabels", common(notices, notice -> AlertJson.labels(notice.alert(), Map.of())));
        body.put("commonAnnotations", common(notices, notice -> annotations(notice, now)));
        body.put("externalURL", setup.externalUrl().map(Object::toString).orElse(""));
        body.put("groupTitle", Cut.oneLine(last.group().title()));
        body.put("groupFiring", last.group().firing());
        body.put("alerts", alerts);
        return JsonMapper.shared().writeValueAsBytes(body);
    }

    private Map<String, Object> alert(Notice notice, Instant now) {
        AlertView view = notice.alert();
        boolean resolved = notice.kind() == Kind.RESOLVED;
        Map<String, String> annotations = annotations(notice, now);
        NoticeText text = NoticeText.of(notice, setup, now);
        var alert = new LinkedHashMap<String, Object>();
        alert.put("status", resolved ? "resolved" : "firing");
        alert.put("labels", AlertJson.labels(view, Map.of()));
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
        return alert;
    }

    private Map<String, String> annotations(Notice notice, Instant now) {
        return AlertJson.annotations(notice.alert(), notice.kind() == Kind.RESOLVED, setup, now);
    }

    /** What all of them have in common. */
    private static Map<String, String> common(List<Notice> notices, Function<Notice, Map<String, String>> properties) {
        var common = new LinkedHashMap<>(properties.apply(notices.getFirst()));
        for (Notice notice : notices.subList(1, notices.size())) {
            Map<String, String> its = properties.apply(notice);
            common.entrySet().removeIf(property -> !Objects.equals(property.getValue(), its.get(property.getKey())));
        }
        return common;
    }
}
