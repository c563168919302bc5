package dev.gatewatch.alerting.channel.pagerduty;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertJson;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Links;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Plain;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Secret;
import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * A service of PagerDuty, which keeps one alert a {@code dedup_key}: here one for each group. A group's first event opens the incident,
 * further ones are added to it, and it is resolved with the notice after which none of the group fires.
 */
record PagerdutyEvents(SecretUrl url, Secret routingKey, Setup setup) implements ChatChannel.Room {
    static final Markup MARKUP = Plain.BYTES;

    /** Leaves room for escapes below {@link #MOST_BODY}. */
    static final int MOST_TEXT = 200_000;

    /** PagerDuty takes 512 kB; counted as Alertmanager does. */
    private static final int MOST_BODY = 512_000;

    private static final int SUMMARY = 1_024;
    private static final int FIELD = 255;
    private static final int LONGEST_ADDRESS = 2_000;

    @Override
    public Duration spacing() {
        return Duration.ofMillis(500); // 120 events a minute and key
    }

    @Override
    public boolean mixesGroups() {
        return false;
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        byte[] body = body(message, notices, details(message, notices));
        if (body.length > MOST_BODY) {
            if (notices.size() > 1) {
                return new Delivery.Refused(notices.size() + " notices do not fit into one event");
            }
            body = body(message, notices, Map.of("error", "the details were left out: the event would have been larger than 512 kB"));
        }
        Map<String, String> headers =
                url.basicCredentials().map(value -> Map.of("Authorization", value)).orElse(Map.of());
        return PagerdutyAnswer.verdict(sender.post(url, headers, body, List.of(routingKey)));
    }

    private byte[] body(ChatText.Message message, List<Notice> notices, Map<String, Object> details) {
        Notice last = notices.getLast();
        AlertView alert = loudest(notices);
        var json = new LinkedHashMap<String, Object>();
        json.put("routing_key", routingKey.reveal());
        json.put("event_action", last.group().firing() == 0 ? "resolve" : "trigger");
        // daemons with the same configuration at two locations must not close each other's incidents
        json.put("dedup_key", Cut.bytes(setup.location(), 150) + "/" + last.group().key());
        json.put("payload", payload(message, notices, alert, details));
        json.put("client", "Gatewatch");
        setup.externalUrl()
                .map(base -> notices.size() == 1 ? Links.alert(base, alert) : base.toString())
                .filter(address -> address.length() <= LONGEST_ADDRESS)
                .ifPresent(address -> json.put("client_url", address));
        List<Map<String, String>> links = message.links().entrySet().stream()
                .filter(link -> link.getValue().length() <= LONGEST_ADDRESS)
                .map(link -> Map.of("href", link.getValue(), "text", Cut.chars(link.getKey(), FIELD)))
                .toList();
        if (!links.isEmpty()) {
            json.put("links", links);
        }
        return JsonMapper.shared().writeValueAsBytes(json);
    }

    private static Map<String, Object> payload(
            ChatText.Message message, List<Notice> notices, AlertView alert, Map<String, Object> details) {
        var payload = new LinkedHashMap<String, Object>();
        payload.put("summary", summary(message, notices));
        payload.put("source", Cut.chars(Cut.oneLine(alert.target().isBlank() ? alert.series().display() : alert.target()), FIELD));
        payload.put(
                "severity",
                switch (alert.severity()) {
                    case CRITICAL -> "critical";
                    case WARNING -> "warning";
                    case INFO -> "info";
                });
        payload.put("timestamp", alert.startsAt().toString());
        payload.put("component", Cut.chars(Cut.oneLine(alert.series().probe()), FIELD));
        Optional.of(alert.series().region())
                .filter(region -> !region.isBlank())
                .ifPresent(region -> payload.put("group", Cut.chars(Cut.oneLine(region), FIELD)));
        payload.put("class", alert.cause().code());
        payload.put("custom_details", details);
        return payload;
    }

    /** What is pushed to a phone and read out on a call: the first line of the text belongs to it. */
    private static String summary(ChatText.Message message, List<Notice> notices) {
        return Cut.chars(notices.size() == 1 ? message.title() + " – " + message.lines().getFirst() : message.title(), SUMMARY);
    }

    private static Map<String, Object> details(ChatText.Message message, List<Notice> notices) {
        var details = new LinkedHashMap<String, Object>();
        details.put("message", String.join("\n", message.lines()));
        if (notices.size() == 1) {
            details.putAll(AlertJson.labels(notices.getFirst().alert(), Map.of()));
        }
        return details;
    }

    private static AlertView loudest(List<Notice> notices) {
        return notices.stream()
                .max(Comparator.comparing((Notice notice) -> notice.kind().firing())
                        .thenComparing(notice -> notice.alert().severity()))
                .map(Notice::alert)
                .orElseThrow();
    }
}
