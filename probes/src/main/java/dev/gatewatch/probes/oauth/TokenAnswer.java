package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.Quota;
import dev.gatewatch.probes.net.Failure;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the answer of a token endpoint (RFC 6749, 5). Pure functions. */
final class TokenAnswer {
    /** No header bears more. */
    private static final int LONGEST_TOKEN = 32_768;

    /** RFC 6750, 2.1, and what opaque tokens of real servers have beside it; no blanks and no control characters. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1," + LONGEST_TOKEN + "}");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");

    private TokenAnswer() {}

    /**
     * The token, or why there is none.
     *
     * @param proven whether the client showed more than its name
     * @param asked when the request was sent
     */
    static GrantResult read(Answer answer, boolean proven, Instant asked) {
        Optional<JsonNode> document = Json.tryParse(answer.body().bytes().toByteArray());
        Optional<TokenError> error = document.flatMap(TokenError::of);
        boolean hasToken = document.map(d -> d.get("access_token")).isPresent();
        if (answer.status() / 100 == 2 && (error.isEmpty() || hasToken)) {
            return document.filter(JsonNode::isObject)
                    .map(d -> granted(d, asked))
                    .orElseGet(() -> malformed("the token answer is not JSON: " + described(answer)));
        }
        return refused(answer, error, proven, asked);
    }

    private static GrantResult refused(Answer answer, Optional<TokenError> error, boolean proven, Instant asked) {
        OptionalDouble seconds = Quota.retryAfter(answer.headers(), asked);
        Optional<Duration> wait = seconds.isPresent()
                ? Optional.of(Duration.ofSeconds((long) Math.min(seconds.getAsDouble(), 86_400)))
                : Optional.empty();
        String said = "the token endpoint answered " + answer.statusLine()
                + error.map(e -> ": " + e.shown()).orElse("")
                + wait.map(w -> "; retry after " + w.toSeconds() + "s").orElse("");
        return new GrantResult.Refused(new Failure(cause(answer, error, proven), said), wait);
    }

    private static Cause cause(Answer answer, Optional<TokenError> error, boolean proven) {
        if (error.isPresent()) {
            return error.get().cause(answer.status(), proven);
        }
        return switch (answer.status()) {
            case 429 -> Cause.TOKEN_THROTTLED;
            case 401 -> proven ? Cause.TOKEN_REFUSED : Cause.CREDENTIAL_MISSING;
            // there is no token endpoint where it should be
            case 404, 405, 410 -> Cause.TOKEN_ENDPOINT_DOWN;
            default ->
                switch (answer.status() / 100) {
                    case 3 -> Cause.TOKEN_MALFORMED;
                    case 5 -> Cause.TOKEN_ENDPOINT_DOWN;
                    default -> Cause.TOKEN_REFUSED;
                };
        };
    }

    private static GrantResult granted(JsonNode document, Instant asked) {
        @Nullable JsonNode access = document.get("access_token");
        if (access == null || !access.isString() || access.stringValue().isEmpty()) {
            return malformed("the token answer has no access_token");
        }
        if (!TOKEN.matcher(access.stringValue()).matches()) {
            return malformed("the access_token cannot be sent in a header: "
                    + (access.stringValue().length() > LONGEST_TOKEN
                            ? access.stringValue().length() + " characters"
                            : "blanks or control characters in it"));
        }
        Optional<String> type = text(document.get("token_type"));
        if (type.isPresent() && !type.get().equalsIgnoreCase("bearer")) {
            return malformed("the token_type is \"" + type.get() + "\", expected Bearer");
        }
        @Nullable JsonNode expiresIn = document.get("expires_in");
        Optional<Duration> told = seconds(expiresIn);
        if (expiresIn != null && !expiresIn.isNull() && told.isEmpty()) {
            return malformed("expires_in is " + Json.shown(expiresIn) + ", expected a number of seconds");
        }
        if (told.isPresent() && told.get().isZero()) {
            return new GrantResult.Refused(
                    new Failure(Cause.TOKEN_EXPIRED, "the token is expired when it is issued: expires_in is 0"),
                    Optional.empty());
        }
        var token = new Secret(access.stringValue());
        Optional<JwtClaims> claims = JwtClaims.of(token);
        return checked(new Token(
                token,
                type,
                told.or(() -> claims.flatMap(c -> ofClaims(c, asked))),
                text(document.get("scope")),
                text(document.get("refresh_token"))
                        .filter(t -> TOKEN.matcher(t).matches())
                        .map(Secret::new),
                seconds(document.get("refresh_expires_in"))
                        .or(() -> seconds(document.get("refresh_token_expires_in"))),
                claims,
                asked));
    }

    /** By a clock of the server's own where both times are its, else by ours. */
    private static Optional<Duration> ofClaims(JwtClaims claims, Instant asked) {
        return claims.expiry()
                .map(exp -> Duration.between(claims.issuedAt().orElse(asked), exp))
                .filter(d -> d.isPositive());
    }

    private static GrantResult checked(Token token) {
        Optional<Instant> over = token.claims().flatMap(JwtClaims::expiry).filter(exp -> !exp.isAfter(token.obtained()));
        if (over.isPresent()) {
            return malformed("the access token's exp is in the past: " + over.get() + ", and it is " + token.obtained()
                    + "; one of the clocks is wrong, or an old token is handed out");
        }
        return new GrantResult.Granted(token);
    }

    /** Some servers write the number as text. */
    private static Optional<Duration> seconds(@Nullable JsonNode value) {
        if (value == null || !(value.isNumber() || value.isString())) {
            return Optional.empty();
        }
        String text = value.asString().strip();
        if (!NUMBER.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(new BigDecimal(text).longValue()));
    }

    private static Optional<String> text(@Nullable JsonNode value) {
        return value != null && value.isString() && !value.stringValue().isEmpty()
                ? Optional.of(value.stringValue())
                : Optional.empty();
    }

    private static String described(Answer answer) {
        String type = Optional.ofNullable(answer.headers().get("Content-Type"))
                .map(t -> t.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("no content type");
        return answer.body().bytes().size() + " bytes of " + type;
    }

    private static GrantResult malformed(String message) {
        return new GrantResult.Refused(new Failure(Cause.TOKEN_MALFORMED, message), Optional.empty());
    }
}
