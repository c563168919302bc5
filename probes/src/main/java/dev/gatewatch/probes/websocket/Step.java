package dev.gatewatch.probes.websocket;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import okio.ByteString;

/** One step of a dialogue. Immutable. */
sealed interface Step {
    /**
     * Sends one message.
     *
     * @param secret the text again where it came from a secret's reference, to mask its echo
     */
    record Send(boolean binary, ByteString payload, Optional<Secret> secret) implements Step {
        @Override
        public String toString() {
            return "send " + payload.size() + " bytes";
        }
    }

    /**
     * Waits for a message.
     *
     * @param wanted to be found in the message, as UTF-8
     * @param others how many messages without it may come before
     */
    record Expect(Pattern wanted, int others) implements Step {}

    Key<String> SEND = Key.optional("send", Types.text(), "Text to send as one message.");
    Key<ByteString> SEND_BINARY = Key.optional(
            "send_binary",
            Types.scalar("bytes in base64", java.util.Map.of("type", "string", "contentEncoding", "base64"), Step::decoded),
            "Bytes to send as one binary message, written in base64.");
    Key<Pattern> EXPECT = Key.optional(
            "expect",
            Types.regex(),
            "Regular expression to find in one message; . matches line ends too. Messages without it are passed over.");
    Key<Integer> OTHERS = Key.withDefault(
            "others",
            Types.integer(0, 10_000),
            100,
            "100",
            "How many other messages may come before the expected one; one more is content_mismatch.");

    SectionType<Step> TYPE =
            SectionType.of("dialogue step", List.of(SEND, SEND_BINARY, EXPECT, OTHERS), Step::read);

    private static Step read(Section section) {
        long said = List.of(SEND, SEND_BINARY, EXPECT).stream().filter(section::has).count();
        if (said != 1) {
            section.reading()
                    .problems()
                    .error(
                            section.node(),
                            "a step either sends or expects, so it has one of send, send_binary and expect",
                            "write two steps, one below the other");
        }
        if (section.has(OTHERS) && !section.has(EXPECT)) {
            section.problem(OTHERS, "others goes with expect");
        }
        boolean secret = section.at(SEND) instanceof Node.Scalar s && s.secret();
        Optional<Step> expect = section.find(EXPECT)
                .map(p -> new Expect(Pattern.compile(p.pattern(), Pattern.DOTALL), section.get(OTHERS)));
        return expect.or(() -> section.find(SEND_BINARY).map(b -> new Send(true, b, Optional.empty())))
                .orElseGet(() -> {
                    String text = section.find(SEND).orElse("");
                    return new Send(
                            false,
                            ByteString.encodeUtf8(text),
                            secret ? Optional.of(new Secret(text.strip())) : Optional.empty());
                });
    }

    private static Optional<ByteString> decoded(String text) {
        try {
            return Optional.of(ByteString.of(Base64.getDecoder().decode(text.strip().getBytes(StandardCharsets.US_ASCII))));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
