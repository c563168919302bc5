package dev.gatewatch.probes.expect;

import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a structured error answer says: RFC 9457's problem+json, and the shapes that payment gateways and frameworks use (Stripe,
 * Adyen, PayPal, Google, Spring, FastAPI, OAuth 2.0, AWS in JSON and XML), read by the names of their members. Immutable.
 *
 * @param code the error's code, such as {@code PAYMENT_VALIDATION_FAILED}
 * @param message the target's sentence
 * @param fields members of the request that it complains about
 */
public record ErrorBody(Optional<String> code, Optional<String> message, List<String> fields, Optional<String> requestId) {
    private static final List<String> CODES = List.of(
            "code", "__type", "error_code", "errorcode", "err_code", "errcode", "error", "error_type", "errortype", "type", "name");
    private static final List<String> MESSAGES = List.of(
            "message", "detail", "error_description", "error_message", "errormessage", "err_msg", "errmsg", "msg",
            "description", "reason", "title", "issue", "defaultmessage");
    private static final List<String> FIELDS = List.of(
            "field", "fields", "missing", "missing_field", "missingfield", "missing_fields", "missingfields", "param",
            "params", "parameter", "parameters", "property", "propertypath", "property_path", "pointer", "loc",
            "invalid_fields", "invalidfields", "required");
    private static final List<String> REQUEST_IDS = List.of(
            "request_id", "requestid", "correlation_id", "correlationid", "trace_id", "traceid", "debug_id",
            "pspreference", "x_request_id");
    private static final Set<String> NESTED = Set.of(
            "error", "errors", "details", "detail", "fault", "violations", "invalid_params", "invalidparams",
            "validation_errors", "validationerrors", "fieldviolations", "data", "meta", "source", "body", "response",
            "result", "cause");
    private static final List<String> ID_HEADERS = List.of(
            "X-Request-Id", "Request-Id", "X-Correlation-Id", "Correlation-Id", "X-Amzn-RequestId", "X-Amz-Request-Id", "X-Trace-Id");

    /** Where no member names the field, the sentence often does: {@code missing required field: total_amount}. */
    private static final Pattern IN_SENTENCE = Pattern.compile(
            "(?i)\\b(?:fields?|parameters?|params?|property|attribute|argument)\\b(?:\\s+(?:is|are|named|missing|required))*"
                    + "\\s*[:=]?\\s*[\"'`]?([a-z][a-z0-9]*(?:[_.\\[\\]][a-z0-9_.\\[\\]]*)|(?<=[\"'`])[a-z][a-z0-9]*)");
    private static final Pattern QUOTED_FIRST = Pattern.compile(
            "(?i)[\"'`]?([a-z][a-z0-9]*(?:[_.][a-z0-9_.]+)|(?<=[\"'`])[a-z][a-z0-9]*)[\"'`]?\\s+(?:is|are)\\s+(?:a\\s+)?"
                    + "(?:required|missing|mandatory|invalid|malformed)");

    private static final int DEEPEST = 5;
    private static final int MOST_FIELDS = 5;
    private static final int LONGEST = 200;

    /** A body that says more than this about an error is not an error body. */
    private static final int LARGEST = 256 * 1024;

    /** {@code com.amazon.coral.service#AccessDeniedException:http://…}: the class in the middle is the code. */
    private static final Pattern AWS_TYPE = Pattern.compile("(?:[^#]*#)?([A-Za-z][A-Za-z0-9_.]*?)(?::.*)?");

    /** Reads an error answer in JSON or XML; nothing where its body is neither, or looks like no error. */
    public static Optional<ErrorBody> of(Answer answer) {
        if (answer.body().bytes().size() > LARGEST || answer.body().encoding().isPresent()) {
            return Optional.empty();
        }
        String head = answer.head(64).strip();
        if (head.startsWith("{")) {
            return Json.tryParse(answer.body().bytes().toByteArray()).flatMap(d -> of(d, answer.headers()));
        }
        boolean xml = head.startsWith("<")
                && !head.toLowerCase(Locale.ROOT).startsWith("<html")
                && !head.toLowerCase(Locale.ROOT).startsWith("<!doctype");
        return xml
                ? XmlDocument.read(answer.text()).flatMap(d -> of(d, answer.headers()))
                : Optional.empty();
    }

    /** Reads an error answer; nothing where the body is no JSON object that looks like one. */
    public static Optional<ErrorBody> of(JsonNode document, Headers headers) {
        if (!document.isObject()) {
            return Optional.empty();
        }
        String type = Optional.ofNullable(headers.get("Content-Type")).orElse("").toLowerCase(Locale.ROOT);
        var search = new Search();
        search.visit(document, 0);
        boolean problem = type.startsWith("application/problem+json");
        if (!problem && search.code == null && search.message == null && search.fields.isEmpty()) {
            return Optional.empty();
        }
        String awsType = headers.get("x-amzn-ErrorType");
        if (awsType != null && search.code == null) {
            search.code = plain(awsType);
        }
        if (search.fields.isEmpty() && search.message != null) {
            inSentence(search.message).ifPresent(search.fields::add);
        }
        return Optional.of(new ErrorBody(
                Optional.ofNullable(search.code),
                Optional.ofNullable(search.message),
                List.copyOf(search.fields),
                Optional.ofNullable(search.requestId).or(() -> requestId(headers))));
    }

    /** The id that the target gave the request, from its headers. */
    public static Optional<String> requestId(Headers headers) {
        return ID_HEADERS.stream()
                .map(headers::get)
                .filter(id -> id != null && !id.isBlank() && id.length() <= LONGEST)
                .findFirst();
    }

    /** For messages: {@code PAYMENT_VALIDATION_FAILED: "amount missing", field total_amount, request id req-1}. */
    public String shown() {
        var parts = new ArrayList<String>();
        String said = code.orElse("") + (code.isPresent() && message.isPresent() ? ": " : "")
                + message.map(m -> "\"" + m + "\"").orElse("");
        if (!said.isEmpty()) {
            parts.add(said);
        }
        if (!fields.isEmpty()) {
            parts.add((fields.size() == 1 ? "field " : "fields ") + String.join(" and ", fields));
        }
        requestId.ifPresent(id -> parts.add("request id " + id));
        return String.join(", ", parts);
    }

    private static String plain(String awsType) {
        Matcher m = AWS_TYPE.matcher(awsType.length() > LONGEST ? awsType.substring(0, LONGEST) : awsType);
        return m.matches() ? m.group(1) : awsType;
    }

    private static Optional<String> inSentence(String message) {
        for (Pattern pattern : List.of(IN_SENTENCE, QUOTED_FIRST)) {
            // bounded, as a peer wrote it and this engine backtracks
            Matcher m = pattern.matcher(message.length() > LONGEST ? message.substring(0, LONGEST) : message);
            if (m.find()) {
                return Optional.of(m.group(1));
            }
        }
        return Optional.empty();
    }

    /** Walks the document once; outer members win over inner ones. Confined to one reading. */
    private static final class Search {
        @Nullable String code;
        @Nullable String message;
        @Nullable String requestId;
        final SequencedSet<String> fields = new LinkedHashSet<>();

        private int codeRank = Integer.MAX_VALUE;
        private int messageRank = Integer.MAX_VALUE;

        void visit(JsonNode node, int depth) {
            if (depth > DEEPEST) {
                return;
            }
            if (node.isArray()) {
                for (int i = 0; i < Math.min(node.size(), 20); i++) {
                    visit(node.get(i), depth + 1);
                }
                return;
            }
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                String name = member.getKey().toLowerCase(Locale.ROOT).replace('-', '_');
                read(name, member.getValue(), depth);
            }
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                String name = member.getKey().toLowerCase(Locale.ROOT).replace('-', '_');
                if (member.getValue().isContainer() && NESTED.contains(name)) {
                    nested(name, member.getValue(), depth);
                }
            }
        }

        private void nested(String name, JsonNode value, int depth) {
            // ASP.NET and Laravel: errors by field name; problem+json: invalid-params with name and reason
            if (name.equals("errors") && value.isObject()) {
                boolean byField = value.properties().stream()
                        .allMatch(e -> e.getValue().isArray() || e.getValue().isString());
                if (byField) {
                    value.properties().forEach(e -> field(e.getKey()));
                    return;
                }
            }
            if (name.startsWith("invalid")) {
                value.forEach(each -> {
                    JsonNode named = each.get("name");
                    if (named != null && named.isString()) {
                        field(named.stringValue());
                    }
                });
                return;
            }
            visit(value, depth + 1);
        }

        private void read(String name, JsonNode value, int depth) {
            if (FIELDS.contains(name)) {
                fields(name, value);
                return;
            }
            if (!value.isString() && !value.isNumber()) {
                return;
            }
            String text = value.asString();
            if (text.isBlank()) {
                return;
            }
            String kept = text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "…" : text;
            int codeAt = CODES.indexOf(name);
            boolean number = value.isNumber() && !name.contains("code");
            if (name.equals("__type")) {
                kept = plain(kept);
            }
            if (codeAt >= 0 && !number && !text.equals("about:blank") && rank(depth, codeAt) < codeRank) {
                code = kept;
                codeRank = rank(depth, codeAt);
            }
            int messageAt = MESSAGES.indexOf(name);
            if (messageAt >= 0 && rank(depth, messageAt) < messageRank) {
                message = kept;
                messageRank = rank(depth, messageAt);
            }
            if (requestId == null && REQUEST_IDS.contains(name)) {
                requestId = kept;
            }
        }

        /** The better name first, then the outer place: a nested {@code code} says more than an outer {@code type}. */
        private static int rank(int depth, int at) {
            return at * 10 + depth;
        }

        private void fields(String name, JsonNode value) {
            if (value.isString()) {
                field(value.stringValue());
            } else if (value.isArray() && name.equals("loc")) {
                // FastAPI: ["body", "total_amount"]
                var path = new ArrayList<String>();
                value.forEach(each -> path.add(each.asString("")));
                field(String.join(".", path.size() > 1 ? path.subList(1, path.size()) : path));
            } else if (value.isArray()) {
                value.forEach(each -> {
                    if (each.isString()) {
                        field(each.stringValue());
                    } else {
                        visit(each, DEEPEST);
                    }
                });
            }
        }

        private void field(String name) {
            // a JSON pointer, or a path into a form
            String plain = name.startsWith("/") ? name.substring(1).replace('/', '.') : name;
            if (!plain.isBlank() && plain.length() <= 100 && fields.size() < MOST_FIELDS) {
                fields.add(plain);
            }
        }
    }
}
