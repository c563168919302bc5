package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.httpclient.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What an access token that is a JWT (RFC 7519) says about itself. Nothing is verified: it is for the resource server to trust it, for
 * us to see what it would. Immutable; each part absent where it is not there or not what it should be.
 */
record JwtClaims(
        Optional<Instant> issuedAt,
        Optional<Instant> expiry,
        Optional<String> issuer,
        Optional<String> audience,
        Optional<String> algorithm) {
    /** A header that no server takes; longer ones are not looked into. */
    private static final int LONGEST = 32_768;

    private static final int MOST_AUDIENCES = 10;

    /** Reads a signed JWT in compact form; nothing where the token is of another kind. */
    static Optional<JwtClaims> of(Secret token) {
        String text = token.reveal();
        String[] parts = text.length() > LONGEST ? new String[0] : text.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        Optional<JsonNode> header = json(parts[0]);
        return json(parts[1])
                .filter(_ -> header.isPresent())
                .map(claims -> new JwtClaims(
                        instant(claims.get("iat")),
                        instant(claims.get("exp")),
                        text(claims.get("iss")),
                        audience(claims.get("aud")),
                        text(header.get().get("alg"))));
    }

    private static Optional<JsonNode> json(String part) {
        try {
            return Json.tryParse(Base64.getUrlDecoder().decode(part)).filter(JsonNode::isObject);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** RFC 7519, 2: seconds since 1970, perhaps with a fraction. */
    private static Optional<Instant> instant(@org.jspecify.annotations.Nullable JsonNode value) {
        if (value == null || !value.isNumber()) {
            return Optional.empty();
        }
        double seconds = value.asDouble(-1); // of one that no double holds
        // until the year 9999
        return seconds >= 0 && seconds < 253_402_300_800.0
                ? Optional.of(Instant.ofEpochSecond((long) seconds))
                : Optional.empty();
    }

    private static Optional<String> text(@org.jspecify.annotations.Nullable JsonNode value) {
        return value != null && value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    private static Optional<String> audience(@org.jspecify.annotations.Nullable JsonNode value) {
        if (value == null || !value.isArray()) {
            return text(value);
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < Math.min(value.size(), MOST_AUDIENCES); i++) {
            text(value.get(i)).ifPresent(all::add);
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", all));
    }
}
