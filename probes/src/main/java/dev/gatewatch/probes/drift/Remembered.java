package dev.gatewatch.probes.drift;

import dev.gatewatch.probe.Memory;
import dev.gatewatch.probes.httpclient.Json;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a series has seen before: for each path its value as it was shown, and a digest by which it is compared. Values themselves are
 * never kept. Confined to one run.
 */
final class Remembered {
    private static final String SALT = "salt";
    private static final String PARTS = "parts";
    private static final String PIN = "pin";
    private static final int LARGEST_PART = Memory.LONGEST_VALUE - 4_096;

    /** So that a document whose paths are all long does not use up what a series may remember. */
    private static final int MOST_PARTS = 60;

    private final Memory memory;

    Remembered(Memory memory) {
        this.memory = memory;
    }

    /**
     * A value seen before.
     *
     * @param shown for a message
     */
    record Value(String digest, String shown) {}

    /** The key of this series' hashes, made when first asked for. */
    String salt() {
        return memory.get(SALT).orElseGet(() -> {
            byte[] bytes = new byte[16];
            new SecureRandom().nextBytes(bytes);
            String salt = HexFormat.of().formatHex(bytes);
            memory.put(SALT, salt);
            return salt;
        });
    }

    /** What was kept under this pin, if anything. */
    Optional<Map<String, Value>> read(String pin) {
        int parts = memory.get(PARTS).filter(n -> n.matches("\\d{1,3}")).map(Integer::parseInt).orElse(0);
        if (parts == 0 || !memory.get(PIN).equals(Optional.of(pin))) {
            return Optional.empty();
        }
        var all = new TreeMap<String, Value>();
        for (int i = 0; i < parts; i++) {
            Optional<JsonNode> part = memory.get("seen " + i).flatMap(t -> Json.tryParse(t.getBytes(StandardCharsets.UTF_8)));
            if (part.isEmpty()) {
                return Optional.empty(); // half a memory would be half a drift
            }
            part.get().properties().forEach(p -> all.put(
                    p.getKey(),
                    new Value(p.getValue().path(0).asString(""), p.getValue().path(1).asString(""))));
        }
        return Optional.of(all);
    }

    /**
     * Keeps a document in the place of what was kept before.
     *
     * @return whether it was not too much
     */
    boolean write(String pin, Document document, Shown shown) {
        var parts = new ArrayList<String>();
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        int size = 0;
        for (Map.Entry<String, String> value : document.values().entrySet()) {
            var entry = JsonNodeFactory.instance
                    .arrayNode()
                    .add(shown.digest(value.getValue()).substring(0, 24))
                    .add(shown.of(value.getKey(), value.getValue()));
            // escapes can make six characters of one
            int cost = 6 * (value.getKey().length() + shown.of(value.getKey(), value.getValue()).length()) + 40;
            if (size + cost > LARGEST_PART) {
                parts.add(part.toString());
                part = JsonNodeFactory.instance.objectNode();
                size = 0;
            }
            part.set(value.getKey(), entry);
            size += cost;
        }
        parts.add(part.toString());
        if (parts.size() > MOST_PARTS) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            memory.put("seen " + i, parts.get(i));
        }
        for (int i = parts.size(); i < MOST_PARTS; i++) {
            memory.remove("seen " + i);
        }
        memory.put(PIN, pin);
        memory.put(PARTS, String.valueOf(parts.size()));
        return true;
    }

    static String digest(Shown shown, String value) {
        return shown.digest(value).substring(0, 24);
    }
}
