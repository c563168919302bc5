package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value of a request header. Immutable.
 *
 * @param referenced whether a {@code ${…}} reference went into it
 */
public record HeaderText(Secret value, boolean referenced) {
    /** RFC 9110, 5.6.2: a token. */
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}";

    private static final Pattern CREDENTIAL_NAME = Pattern.compile(
            "(?i)(.*[-_])?(authorization|cookie|(api|access|private|subscription|app|secret)[-_]?key|apikey|token|secret|password|credential|signature)s?([-_].*)?");

    /** A value that is no secret. */
    public static HeaderText of(String value) {
        return new HeaderText(new Secret(value), false);
    }

    public static ValueType<String> nameType() {
        return Types.text("a header name", TOKEN);
    }

    public static ValueType<HeaderText> type() {
        return new ValueType<>() {
            @Override
            public Optional<HeaderText> read(Node node, Reading reading) {
                if (!(node instanceof Node.Scalar s) || s.tag() == Node.Tag.NULL) {
                    reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                    return Optional.empty();
                }
                String text = s.text().strip();
                if (text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
                    reading.problems().error(s, "a header value is one line without control characters");
                    return Optional.empty();
                }
                return Optional.of(new HeaderText(new Secret(text), s.secret()));
            }

            @Override
            public String describe() {
                return "a header value";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Types.text().jsonSchema();
            }
        };
    }

    /** Whether this header tells who we are, so that no other origin may see it and no message may show it. */
    public boolean isCredential(String name) {
        return referenced || namesCredential(name);
    }

    /** Whether a header or query parameter of this name usually carries a credential. */
    public static boolean namesCredential(String name) {
        return CREDENTIAL_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }
}
