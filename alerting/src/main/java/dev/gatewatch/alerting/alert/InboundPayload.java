package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.channel.support.Cut;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an Alertmanager sends to a webhook, version 4: all alerts of one group that fire, and those that ended since it last told. What is
 * wrong is said in a sentence by an {@link IllegalArgumentException}.
 *
 * @param whole whether no alert of the group was left out for lack of room
 */
record InboundPayload(String group, boolean whole, List<InboundAlert> alerts) {
    static final int LARGEST = 1024 * 1024;
    static final int MOST_ALERTS = 1_000;

    private static final int MOST_TEXTS = 100;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_TEXT = 4_096;
    private static final int LONGEST_GROUP = 1_000;
    private static final JsonMapper JSON = JsonMapper.shared();

    static InboundPayload read(byte[] body, Instant now) {
        if (body.length > LARGEST) {
            throw wrong("the payload is larger than 1 MB");
        }
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JacksonException e) {
            throw wrong("the payload is not JSON: " + e.getOriginalMessage());
        }
        if (!json.path("alerts").isArray()) {
            throw wrong("this is no payload of an Alertmanager's webhook: it has no alerts");
        }
        String version = json.path("version").asString("4");
        if (!version.equals("4")) {
            throw wrong("this is a payload of version " + Cut.chars(version, 20) + "; version 4 is understood");
        }
        JsonNode alerts = json.path("alerts");
        if (alerts.size() > MOST_ALERTS) {
            throw wrong("the payload has " + alerts.size() + " alerts; " + MOST_ALERTS
                    + " at most are taken at once (see max_alerts of the webhook, or group by more labels)");
        }
        String group = Cut.chars(json.path("receiver").asString("") + " " + json.path("groupKey").asString(""), LONGEST_GROUP);
        var read = new ArrayList<InboundAlert>();
        for (JsonNode alert : alerts) {
            read.add(alert(alert, group, now));
        }
        return new InboundPayload(group, json.path("truncatedAlerts").asInt(0) == 0, List.copyOf(read));
    }

    private static InboundAlert alert(JsonNode json, String group, Instant now) {
        SequencedMap<String, String> labels = texts(json.path("labels"), "labels");
        if (labels.isEmpty()) {
            throw wrong("an alert has no labels");
        }
        boolean over = json.path("status").asString("firing").equals("resolved");
        Instant started = time(json, "startsAt").filter(now::isAfter).orElse(now);
        // what fires has an end in the year 1
        Optional<Instant> ended = over ? Optional.of(time(json, "endsAt").filter(now::isAfter).orElse(now)) : Optional.empty();
        String fingerprint = json.path("fingerprint").asString("");
        return new InboundAlert(
                fingerprint.matches("[0-9a-zA-Z-]{1,64}") ? fingerprint : fingerprint(labels),
                group,
                labels,
                texts(json.path("annotations"), "annotations"),
                Cut.chars(Cut.oneLine(json.path("generatorURL").asString("")), LONGEST_TEXT),
                started,
                ended,
                over ? Episode.HEALED : "",
                now);
    }

    private static SequencedMap<String, String> texts(JsonNode json, String what) {
        var texts = new LinkedHashMap<String, String>();
        if (json.isMissingNode() || json.isNull()) {
            return texts;
        }
        if (!json.isObject()) {
            throw wrong("the " + what + " of an alert should be an object");
        }
        if (json.size() > MOST_TEXTS) {
            throw wrong("an alert has " + json.size() + " " + what + "; " + MOST_TEXTS + " at most are taken");
        }
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (!entry.getValue().isString()) {
                throw wrong("the " + what + " of an alert should be texts");
            }
            texts.put(
                    Cut.chars(Cut.oneLine(entry.getKey()), LONGEST_NAME),
                    Cut.chars(Cut.clean(entry.getValue().asString()), LONGEST_TEXT));
        }
        return texts;
    }

    private static Optional<Instant> time(JsonNode json, String name) {
        try {
            return Optional.of(Instant.parse(json.path(name).asString("")).truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String fingerprint(Map<String, String> labels) {
        return Alert.digest(new TreeMap<>(labels).toString());
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what);
    }
}
