package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/** What a client trades for a token. Immutable. */
sealed interface Grant {
    /** RFC 6749, 4.4: the client's own standing. */
    record ClientCredentials() implements Grant {}

    /**
     * RFC 6749, 6.
     *
     * @param configured the first of the chain; a server that rotates hands out the next with each answer
     */
    record RefreshToken(Secret configured) implements Grant {}

    /**
     * RFC 7523, 2.1.
     *
     * @param subject absent for the issuer itself
     * @param claims beside the standard ones, or in their place
     */
    record JwtBearer(SigningKey key, String issuer, Optional<String> subject, SequencedMap<String, JsonNode> claims)
            implements Grant {
        public JwtBearer {
            claims = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(claims));
        }
    }

    /** The words of {@code grant}, which are not those of the protocol. */
    enum Kind {
        CLIENT_CREDENTIALS("client_credentials"),
        REFRESH_TOKEN("refresh_token"),
        JWT_BEARER("urn:ietf:params:oauth:grant-type:jwt-bearer");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** The first parameter of a token request. */
        Map.Entry<String, Secret> parameter() {
            return Map.entry("grant_type", new Secret(type));
        }
    }
}
