package dev.gatewatch.probes.httpclient;

import java.util.Comparator;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON from peers: strict, and bounded in depth so that no document can exhaust the stack. */
public final class Json {
    /** Deeper than any real document, and far from what the stack bears. */
    private static final int DEEPEST = 500;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** 1, 1.0 and 1e0 are the same number. */
    private static final Comparator<JsonNode> BY_VALUE = (a, b) -> a.isNumber() && b.isNumber()
            ? a.decimalValue().compareTo(b.decimalValue())
            : a.equals(b) ? 0 : 1;

    private Json() {}

    /** What is wrong with a document, for a message. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message);
        }
    }

    /** The document. */
    public static JsonNode parse(byte[] bytes) throws Invalid {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw new Invalid(words(e) + place(e));
        } catch (NumberFormatException _) {
            // of an exponent that BigDecimal cannot hold; the library lets it through
            throw new Invalid("the exponent of a number in it is beyond all bounds");
        }
        if (tree.isMissingNode()) {
            throw new Invalid("it is empty");
        }
        return tree;
    }

    /** The library's own words name its classes and options. */
    private static String words(JacksonException e) {
        return switch (e) {
            case StreamConstraintsException _ -> "it is nested too deep, or a number or name in it is too long";
            case UnexpectedEndOfInputException _ -> "it ends too early";
            case MismatchedInputException _ -> "something follows the document";
            default -> "there is something unexpected";
        };
    }

    private static String place(JacksonException e) {
        var at = e.getLocation();
        return at == null || at.getLineNr() <= 0
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    /** The document, where the bytes are one. */
    public static Optional<JsonNode> tryParse(byte[] bytes) {
        try {
            return Optional.of(parse(bytes));
        } catch (Invalid _) {
            return Optional.empty();
        }
    }

    /** Deep equality; numbers by value. */
    public static boolean same(JsonNode a, JsonNode b) {
        return a.equals(BY_VALUE, b);
    }

    /** A value for a message, shortened. */
    public static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 120 ? text.substring(0, 119) + "…" : text;
    }

    /** The JSON of a tree, as it is sent. */
    public static byte[] bytes(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }
}
