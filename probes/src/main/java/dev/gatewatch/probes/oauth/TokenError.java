package dev.gatewatch.probes.oauth;

import dev.gatewatch.probe.Cause;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an error answer of a token endpoint says: RFC 6749's members, and those of servers that have their own ({@code errcode} and
 * {@code errmsg} of WeChat and its kin, error objects of Google and Facebook). Immutable.
 */
record TokenError(Optional<String> code, Optional<String> description) {
    private static final List<String> CODES = List.of("error", "errcode", "error_code", "errorCode", "code");
    private static final List<String> DESCRIPTIONS =
            List.of("error_description", "errmsg", "error_message", "message", "errorSummary", "detail", "sub_msg");

    /** RFC 8628's and the words of servers that limit. */
    private static final Set<String> THROTTLING = Set.of(
            "slow_down", "temporarily_unavailable", "too_many_requests", "rate_limit_exceeded", "rate_limited", "over_query_limit");

    private static final Pattern EXPIRED = Pattern.compile("(?i)\\bexpired\\b|\\btoo old\\b|\\blapsed\\b");

    /** "invalid, expired or revoked" says nothing about which. */
    private static final Pattern UNDECIDED = Pattern.compile("(?i)\\bor\\b|\\binvalid\\b|\\brevoked\\b|\\bunknown\\b|/");

    private static final int LONGEST = 300;

    /** Reads a document; nothing where it tells of no error. */
    static Optional<TokenError> of(JsonNode document) {
        if (!document.isObject()) {
            return Optional.empty();
        }
        JsonNode nested = document.get("error");
        JsonNode home = nested != null && nested.isObject() ? nested : document;
        Optional<String> code = first(home, CODES);
        return code.isEmpty() ? Optional.empty() : Optional.of(new TokenError(code, first(home, DESCRIPTIONS)));
    }

    private static Optional<String> first(JsonNode object, List<String> names) {
        return names.stream().flatMap(name -> text(object.get(name)).stream()).findFirst();
    }

    /** A code of 0 says that there is no error. */
    private static Optional<String> text(@Nullable JsonNode value) {
        if (value == null || !(value.isString() || value.isNumber())) {
            return Optional.empty();
        }
        String text = value.asString();
        return text.isBlank() || text.equals("0")
                ? Optional.empty()
                : Optional.of(text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "…" : text);
    }

    /**
     * Why there is no token.
     *
     * @param proven whether the client showed more than its name
     */
    Cause cause(int status, boolean proven) {
        String word = code.orElse("").toLowerCase(Locale.ROOT);
        if (status == 429 || THROTTLING.contains(word)) {
            return Cause.TOKEN_THROTTLED;
        }
        if (status >= 500 || word.equals("server_error")) {
            return Cause.TOKEN_ENDPOINT_DOWN;
        }
        if (word.equals("invalid_client") && !proven) {
            return Cause.CREDENTIAL_MISSING;
        }
        boolean ofGrant = word.equals("invalid_grant") || word.equals("invalid_token") || word.contains("expired");
        return ofGrant && (word.contains("expired") || saysExpired()) ? Cause.TOKEN_EXPIRED : Cause.TOKEN_REFUSED;
    }

    private boolean saysExpired() {
        String text = description.orElse("");
        return EXPIRED.matcher(text).find() && !UNDECIDED.matcher(text).find();
    }

    /** For messages: {@code invalid_grant: "token was revoked"}. */
    String shown() {
        return code.orElse("") + (code.isPresent() && description.isPresent() ? ": " : "")
                + description.map(d -> "\"" + d + "\"").orElse("");
    }
}
