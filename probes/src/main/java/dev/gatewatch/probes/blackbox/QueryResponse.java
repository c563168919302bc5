package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The {@code query_response} of a module, as the steps of our own dialogues. */
final class QueryResponse {
    private record Label(String name, String value) {}

    private static final Key<String> NAME = Key.required("name", Types.text(), "Label.");
    private static final Key<String> VALUE = Key.withDefault("value", Types.text(), "", "", "Its value.");
    private static final Key<String> EXPECT = Key.optional("expect", GoTypes.regex(), "Expression to wait for.");
    private static final Key<String> EXPECT_BYTES = Key.optional("expect_bytes", Types.text(), "Bytes to wait for.");
    private static final Key<List<Label>> LABELS = Key.withDefault(
            "labels",
            Types.list(SectionType.of("label", List.of(NAME, VALUE), s -> new Label(s.get(NAME), s.get(VALUE))), 0),
            List.of(),
            "none",
            "What to keep of the match.");
    private static final Key<String> SEND = Key.optional("send", Types.text(), "Line to send.");
    private static final Key<Boolean> START_TLS =
            Key.withDefault("starttls", GoTypes.bool(), false, "false", "Whether to start TLS.");

    private static final ValueType<SequencedMap<String, Object>> STEP = SectionType.of(
            "query_response", List.of(EXPECT, EXPECT_BYTES, LABELS, SEND, START_TLS), QueryResponse::step);

    /** Over TCP and Unix sockets. Entries that do nothing are empty. */
    static final Key<List<SequencedMap<String, Object>>> KEY =
            Key.withDefault("query_response", Types.list(STEP, 0), List.of(), "none", "The dialogue.");

    /** Over a WebSocket: an entry that expects and sends is two of our steps. */
    static final Key<List<List<SequencedMap<String, Object>>>> MESSAGES = Key.withDefault(
            "query_response",
            Types.list(SectionType.of("query_response", List.of(EXPECT, SEND), QueryResponse::messages), 0),
            List.of(),
            "none",
            "The dialogue.");

    private QueryResponse() {}

    private static SequencedMap<String, Object> step(Section section) {
        var step = new LinkedHashMap<String, Object>();
        Optional<String> expect = section.find(EXPECT).filter(regex -> !regex.isEmpty());
        Optional<String> bytes = section.find(EXPECT_BYTES).filter(text -> !text.isEmpty());
        if (expect.isPresent() && bytes.isPresent()) {
            section.problem(EXPECT_BYTES, "expect and expect_bytes exclude each other");
        }
        expect.ifPresent(regex -> step.put("expect", regex));
        bytes.ifPresent(text -> step.put("expect_bytes", text));
        section.find(SEND).filter(text -> !text.isEmpty()).ifPresent(text -> {
            if (expect.isPresent()) {
                step.put("send", GoTemplate.ours(text, expect.get()) + "\n");
            } else {
                // nothing is replaced in it
                step.put("send_bytes", literal(text + "\n"));
            }
        });
        if (section.get(START_TLS)) {
            step.put("starttls", true);
        }
        if (!section.get(LABELS).isEmpty() && expect.isPresent()) {
            var labels = new LinkedHashMap<String, Object>();
            section.get(LABELS).forEach(l -> labels.put(l.name(), GoTemplate.ours(l.value(), expect.get())));
            step.put("labels", labels);
        }
        return step;
    }

    private static Object literal(String text) {
        return text.contains("${")
                ? Map.of("base64", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                : text;
    }

    private static List<SequencedMap<String, Object>> messages(Section section) {
        var steps = new java.util.ArrayList<SequencedMap<String, Object>>();
        section.find(EXPECT).filter(regex -> !regex.isEmpty()).ifPresent(regex -> {
            var step = new LinkedHashMap<String, Object>();
            step.put("expect", regex);
            // the next message has to be it
            step.put("others", 0);
            steps.add(step);
        });
        section.find(SEND).filter(text -> !text.isEmpty()).ifPresent(text -> {
            var step = new LinkedHashMap<String, Object>();
            step.put("send", text);
            steps.add(step);
        });
        return steps;
    }
}
