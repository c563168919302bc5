package dev.gatewatch.probes.tcp;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One step of a dialogue: waits for text, then sends some, then starts TLS; each only where wanted. Immutable.
 *
 * @param expect what to find in what the peer sends from here on; {@code ^} and {@code $} match at lines
 */
record Step(Optional<Pattern> expect, Optional<Sent> send, boolean startTls) {
    private static final Key<Pattern> EXPECT = Key.optional(
            "expect",
            Types.regex(),
            "Regular expression to wait for in what the peer sends; ^ and $ match at line ends.");
    private static final Key<Sent> SEND = Key.optional(
            "send",
            Sent.TYPE,
            "Text to send, exactly as written: end lines with \"\\r\\n\" where the protocol has lines.");
    private static final Key<Boolean> START_TLS =
            Key.withDefault("starttls", Types.bool(), false, "false", "Start TLS on the connection after this step.");

    static final SectionType<Step> TYPE = SectionType.of("dialogue step", List.of(EXPECT, SEND, START_TLS), section -> {
        if (section.node().fields().isEmpty()) {
            section.reading().problems().error(section.node(), "a step expects, sends or starts TLS; this one does nothing");
        }
        return new Step(
                section.find(EXPECT).map(p -> Pattern.compile(p.pattern(), Pattern.MULTILINE)),
                section.find(SEND),
                section.get(START_TLS));
    });

    /**
     * Text to send.
     *
     * @param secret the text again where it came from a secret's reference, to mask its echo
     */
    record Sent(String text, Optional<Secret> secret) {
        static final ValueType<Sent> TYPE = new ValueType<>() {
            private final ValueType<String> text = Types.text();

            @Override
            public Optional<Sent> read(Node node, Reading reading) {
                boolean secret = node instanceof Node.Scalar scalar && scalar.secret();
                return text.read(node, reading)
                        .map(t -> new Sent(t, secret ? Optional.of(new Secret(t.strip())) : Optional.empty()));
            }

            @Override
            public String describe() {
                return text.describe();
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return text.jsonSchema();
            }
        };

        @Override
        public String toString() {
            return secret.isPresent() ? Secret.MASK : text;
        }
    }
}
