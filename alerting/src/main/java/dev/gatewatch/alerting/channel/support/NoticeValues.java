package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.view.AlertView;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * A message as values by name, for programs and for templates of the user's own: one vocabulary for both. Of several notices the title
 * and the text name every alert; the rest is the loudest alert's. Pure functions.
 */
public final class NoticeValues {
    private static final int MOST = 8_000;

    /** Every name there is. */
    public static final List<String> NAMES = List.of(
            "status", "kind", "severity", "rule", "probe", "region", "location", "type", "target", "cause", "class", "message", "evidence",
            "remedy", "started_at", "ended_at", "title", "text", "color", "alert_id", "notice_id", "group", "count", "firing", "may_repeat", "url");

    private NoticeValues() {}

    /** The values, each within 8,000 characters; what there is not is empty. */
    public static SequencedMap<String, String> of(ChatText.Message message, List<Notice> notices, Setup setup) {
        Notice notice = loudest(notices);
        AlertView alert = notice.alert();
        Notice.Group group = notices.getLast().group();
        var values = new LinkedHashMap<String, String>();
        values.put("status", notice.kind().firing() ? "firing" : "resolved");
        values.put("kind", notice.kind().name().toLowerCase(Locale.ROOT));
        values.put("severity", alert.severity().code());
        values.put("rule", alert.rule());
        values.put("probe", alert.series().probe());
        values.put("region", alert.series().region());
        values.put("location", alert.series().location());
        values.put("type", alert.type());
        values.put("target", alert.target());
        values.put("cause", alert.cause().code());
        values.put("class", alert.cause().causeClass().code());
        values.put("message", alert.message());
        values.put("evidence", alert.evidence());
        values.put("remedy", Phrases.of(setup.wording().language()).remedy(alert.cause()));
        values.put("started_at", alert.startsAt().toString());
        values.put("ended_at", alert.endsAt().map(Object::toString).orElse(""));
        values.put("title", message.title());
        values.put("text", String.join("\n", message.lines()));
        values.put("color", message.tone().hex());
        values.put("alert_id", alert.id());
        values.put("notice_id", Long.toString(notice.id()));
        values.put("group", group.key());
        values.put("count", Integer.toString(notices.size()));
        values.put("firing", Integer.toString(group.firing()));
        values.put("may_repeat", Boolean.toString(notices.stream().anyMatch(Notice::mayRepeat)));
        values.put("url", setup.externalUrl().map(base -> Links.alert(base, alert)).orElse(""));
        values.replaceAll((name, value) -> Cut.chars(name.equals("text") ? Cut.clean(value) : Cut.oneLine(value), MOST));
        return values;
    }

    /** The notice that matters most: what fires before what is over, and the more severe. Of equals the last. */
    public static Notice loudest(List<Notice> notices) {
        return notices.stream()
                .max(Comparator.comparing((Notice notice) -> notice.kind().firing())
                        .thenComparing(notice -> notice.alert().severity()))
                .orElseThrow();
    }
}
