package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.route.Told;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What channels know of an alert as it is stored: JSON by channel. */
final class TellingCodec {
    private static final JsonMapper JSON = JsonMapper.shared();

    private TellingCodec() {}

    static String encode(SequencedMap<String, Told> told) {
        if (told.isEmpty()) {
            return "";
        }
        var json = JSON.createObjectNode();
        new TreeMap<>(told).forEach((channel, known) -> json.putObject(channel)
                .put("group", known.group())
                .put("level", known.level())
                .put("first", known.firstAt().toEpochMilli())
                .put("last", known.lastAt().toEpochMilli())
                .put("ended", known.ended()));
        return json.toString();
    }

    static SequencedMap<String, Told> decode(String text) {
        var told = new LinkedHashMap<String, Told>();
        if (!text.isEmpty()) {
            for (Map.Entry<String, JsonNode> entry : JSON.readTree(text).properties()) {
                JsonNode known = entry.getValue();
                told.put(
                        entry.getKey(),
                        new Told(
                                known.path("group").asString(""),
                                known.path("level").asInt(0),
                                Instant.ofEpochMilli(known.path("first").asLong(0)),
                                Instant.ofEpochMilli(known.path("last").asLong(0)),
                                known.path("ended").asBoolean(false)));
            }
        }
        return told;
    }
}
