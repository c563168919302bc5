package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Signed assertions as RFC 7523, section 3, wants them. Pure, but for the random {@code jti}. */
final class Assertion {
    /** Servers refuse what lives long; this bears a clock that is a minute off. */
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private Assertion() {}

    /** One that stands for {@code subject}. */
    static Secret of(
            SigningKey key, String issuer, String subject, String audience, Map<String, JsonNode> more, Instant now) {
        var claims = JsonNodeFactory.instance.objectNode();
        claims.put("iss", issuer);
        claims.put("sub", subject);
        claims.put("aud", audience);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(LIFETIME).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        more.forEach(claims::set);
        return key.sign(claims);
    }
}
