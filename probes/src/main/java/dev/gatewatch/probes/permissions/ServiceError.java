package dev.gatewatch.probes.permissions;

import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Json;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The error code of an answer as cloud services and gateways write it: AWS in XML ({@code <Error><Code>}), JSON ({@code __type}) and
 * headers, and those that do alike (Alibaba, Tencent, Google, Kubernetes). Immutable.
 *
 * @param code without a service's prefix: {@code AccessDenied}
 * @param inError whether it stands where only errors stand, so that it counts also under a status of success
 */
record ServiceError(String code, Optional<String> message, boolean inError) {
    /** An error that takes more is none. */
    private static final int LARGEST = 64 * 1024;

    private static final int DEEPEST = 8;
    private static final int MOST_EVENTS = 1_000;
    private static final int LONGEST = 200;

    private static final List<String> CODES =
            List.of("__type", "code", "errorcode", "error_code", "err_code", "error", "reason", "status");
    private static final List<String> MESSAGES =
            List.of("message", "error_description", "errormessage", "error_message", "detail", "msg");
    private static final Set<String> CONTAINERS = Set.of("error", "errors", "response", "fault");

    private static final XMLInputFactory XML = safeXml();

    private static XMLInputFactory safeXml() {
        var factory = XMLInputFactory.newDefaultFactory();
        // a code is one text, however it is written
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        return factory;
    }

    /** Reads an answer; nothing where it names no error. */
    static Optional<ServiceError> of(Answer answer) {
        String header = answer.headers().get("x-amzn-ErrorType");
        if (header != null && !header.isBlank()) {
            return Optional.of(new ServiceError(bare(header), Optional.empty(), true));
        }
        byte[] body = answer.body().bytes().toByteArray();
        if (body.length == 0 || body.length > LARGEST) {
            return Optional.empty();
        }
        return switch (first(body)) {
            case '<' -> ofXml(answer.text());
            case '{', '[' -> Json.tryParse(body).flatMap(document -> ofJson(document, 0, false));
            default -> Optional.empty();
        };
    }

    private static char first(byte[] body) {
        for (byte b : body) {
            // a byte order mark, or blanks
            if (b > ' ') {
                return (char) b;
            }
        }
        return ' ';
    }

    private static Optional<ServiceError> ofJson(JsonNode node, int depth, boolean inError) {
        if (depth > DEEPEST) {
            return Optional.empty();
        }
        if (node.isArray()) {
            return node.isEmpty() ? Optional.empty() : ofJson(node.get(0), depth + 1, inError);
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey().toLowerCase(Locale.ROOT);
            if (CONTAINERS.contains(name) && member.getValue().isContainer()) {
                Optional<ServiceError> inner =
                        ofJson(member.getValue(), depth + 1, inError || !name.equals("response"));
                if (inner.isPresent()) {
                    return inner;
                }
            }
        }
        // in the order of what says most; numbers are statuses
        for (String wanted : CODES) {
            Optional<String> code = text(node, wanted);
            if (code.isPresent()) {
                return Optional.of(new ServiceError(
                        bare(code.get()),
                        MESSAGES.stream().flatMap(m -> text(node, m).stream()).findFirst(),
                        inError || wanted.equals("__type")));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(JsonNode node, String name) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            JsonNode value = member.getValue();
            if (member.getKey().equalsIgnoreCase(name) && value.isString() && !value.stringValue().isBlank()) {
                return Optional.of(shortened(value.stringValue()));
            }
        }
        return Optional.empty();
    }

    /** From text, as the library complains of bytes that are none on standard error. */
    private static Optional<ServiceError> ofXml(String body) {
        try {
            XMLStreamReader reader = XML.createXMLStreamReader(new StringReader(body.substring(Math.max(0, body.indexOf('<')))));
            try {
                return ofXml(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | RuntimeException _) {
            return Optional.empty(); // HTML, or something hostile: the library throws whatever it likes
        }
    }

    private static Optional<ServiceError> ofXml(XMLStreamReader reader) throws XMLStreamException {
        var path = new ArrayList<String>();
        @Nullable String code = null;
        @Nullable String message = null;
        for (int i = 0; i < MOST_EVENTS && reader.hasNext(); i++) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    path.add(reader.getLocalName().toLowerCase(Locale.ROOT));
                    if (path.size() > DEEPEST) {
                        return Optional.empty();
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> path.removeLast();
                case XMLStreamConstants.CHARACTERS -> {
                    boolean within = path.size() > 1 && path.get(path.size() - 2).equals("error") && !reader.isWhiteSpace();
                    if (within && path.getLast().equals("code") && code == null) {
                        code = reader.getText();
                    } else if (within && path.getLast().equals("message") && message == null) {
                        message = reader.getText();
                    }
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> {
                    return Optional.empty();
                }
                default -> {}
            }
        }
        return code == null
                ? Optional.empty()
                : Optional.of(new ServiceError(
                        bare(code), Optional.ofNullable(message).map(ServiceError::shortened), true));
    }

    /** {@code com.amazonaws.dynamodb.v20120810#AccessDeniedException:http://…} is an AccessDeniedException. */
    private static String bare(String code) {
        String after = code.substring(code.indexOf('#') + 1);
        int colon = after.indexOf(':');
        return shortened(colon > 0 ? after.substring(0, colon) : after).strip();
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "…" : text;
    }

    /** For messages: {@code AccessDenied: "User … is not authorized"}. */
    String shown() {
        return code + message.map(m -> ": \"" + m + "\"").orElse("");
    }
}
