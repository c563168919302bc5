package dev.gatewatch.alerting.channel.opsgenie;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertJson;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Plain;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.alerting.channel.support.Verdict;
import dev.gatewatch.config.Secret;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import tools.jackson.databind.json.JsonMapper;

/**
 * An account of Opsgenie, which keeps one open alert an alias: here one for each group. Created anew under the alias of an open one, an
 * alert is only counted up. A partial recovery is a note on it, since that rings nowhere.
 */
record OpsgenieAlerts(SecretUrl url, Secret apiKey, Routing routing, Setup setup) implements ChatChannel.Room {
    static final Markup MARKUP = Plain.CHARS;
    static final int DESCRIPTION = 15_000;

    private static final int MESSAGE = 130;
    private static final int NOTE = 25_000;
    private static final int ENTITY = 512;
    private static final int SOURCE = 100;
    private static final int DETAILS = 8_000;
    private static final int MOST_TAGS = 20;

    /**
     * Whom an alert goes to and how loudly.
     *
     * @param responders {@code team:payments} and the like
     * @param priorities P1 to P5 for each severity
     */
    record Routing(List<String> responders, List<String> tags, Map<Severity, String> priorities) {
        Routing {
            responders = List.copyOf(responders);
            tags = List.copyOf(tags);
            priorities = Map.copyOf(priorities);
        }
    }

    @Override
    public Duration spacing() {
        return Duration.ofMillis(500);
    }

    @Override
    public boolean mixesGroups() {
        return false;
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        Notice.Group group = notices.getLast().group();
        String alias = Cut.chars(setup.location(), 150) + "/" + group.key();
        if (notices.stream().anyMatch(notice -> notice.kind().firing()) && group.firing() > 0) {
            return verdict(post(alerts(), alert(message, notices, alias), sender));
        }
        HttpUrl of = alerts().newBuilder()
                .addPathSegment(alias)
                .addPathSegment(group.firing() == 0 ? "close" : "notes")
                .addQueryParameter("identifierType", "alias")
                .build();
        return ofExisting(post(of, note(message), sender));
    }

    private HttpUrl alerts() {
        HttpUrl base = url.reveal();
        return base.newBuilder().addPathSegments("v2/alerts").build();
    }

    private HttpReply post(HttpUrl to, Map<String, Object> json, HttpSender sender) throws InterruptedException {
        return sender.post(
                url,
                to,
                Map.of("Authorization", "GenieKey " + apiKey.reveal()),
                JsonMapper.shared().writeValueAsBytes(json),
                List.of(apiKey));
    }

    private Map<String, Object> alert(ChatText.Message message, List<Notice> notices, String alias) {
        AlertView alert = notices.stream()
                .filter(notice -> notice.kind().firing())
                .map(Notice::alert)
                .max(Comparator.comparing(AlertView::severity))
                .orElseThrow();
        var json = new LinkedHashMap<String, Object>();
        String title = notices.size() == 1 ? message.title() + " – " + message.lines().getFirst() : message.title();
        json.put("message", Cut.chars(title, MESSAGE));
        json.put("alias", alias);
        json.put("description", Cut.chars(String.join("\n", message.lines()), DESCRIPTION));
        json.put("priority", routing.priorities().getOrDefault(alert.severity(), "P3"));
        json.put("entity", Cut.chars(Cut.oneLine(alert.series().display()), ENTITY));
        json.put("source", source());
        if (!routing.tags().isEmpty()) {
            json.put("tags", routing.tags().stream().limit(MOST_TAGS).toList());
        }
        if (!routing.responders().isEmpty()) {
            json.put("responders", routing.responders().stream().map(OpsgenieAlerts::responder).toList());
        }
        if (notices.size() == 1) {
            json.put("details", details(alert));
        }
        return json;
    }

    private Map<String, Object> note(ChatText.Message message) {
        var json = new LinkedHashMap<String, Object>();
        json.put("note", Cut.chars(message.title() + "\n" + String.join("\n", message.lines()), NOTE));
        json.put("source", source());
        json.put("user", "Gatewatch");
        return json;
    }

    private String source() {
        return Cut.chars("Gatewatch " + setup.location(), SOURCE).strip();
    }

    private static Map<String, String> responder(String word) {
        int colon = word.indexOf(':');
        String kind = word.substring(0, colon);
        return Map.of("type", kind, kind.equals("user") ? "username" : "name", word.substring(colon + 1).strip());
    }

    /** As many labels as are taken; limited all together. */
    private static Map<String, String> details(AlertView alert) {
        var details = new LinkedHashMap<String, String>();
        int left = DETAILS;
        for (var label : AlertJson.labels(alert, Map.of("cause", alert.cause().code(), "target", alert.target())).entrySet()) {
            left -= label.getKey().length() + label.getValue().length();
            if (left < 0) {
                break;
            }
            details.put(label.getKey(), label.getValue());
        }
        return details;
    }

    private static Delivery verdict(HttpReply reply) {
        return Verdict.of(
                reply,
                answer -> answer.json()
                                .filter(json -> json.hasNonNull("requestId") || json.hasNonNull("result"))
                                .isPresent()
                        ? new Delivery.Delivered()
                        : Verdict.notFrom("Opsgenie", answer));
    }

    /** Opsgenie itself takes such requests for an alias that it does not know; others answer 404, since a person deleted the alert. */
    private static Delivery ofExisting(HttpReply reply) {
        return reply instanceof HttpReply.Answer answer
                        && answer.status() == 404
                        && answer.json().isPresent()
                ? new Delivery.Delivered()
                : verdict(reply);
    }
}
