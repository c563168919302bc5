package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A token as it was issued. Immutable; {@code toString} shows no secret.
 *
 * @param type as told, such as {@code Bearer}; absent where it was not
 * @param lifetime by {@code expires_in}, else by the claims of a JWT; absent where nothing says it
 * @param scope what was granted, as told; absent where it was not, which means what was asked for (RFC 6749, 5.1)
 * @param refreshLifetime as some servers tell it
 * @param claims of an access token that is a JWT
 * @param obtained when it was asked for, so that it is rather thought older than it is
 */
record Token(
        Secret access,
        Optional<String> type,
        Optional<Duration> lifetime,
        Optional<String> scope,
        Optional<Secret> refresh,
        Optional<Duration> refreshLifetime,
        Optional<JwtClaims> claims,
        Instant obtained) {

    /** When it is over, as far as anything says so. */
    Optional<Instant> expiry() {
        return lifetime.map(obtained::plus);
    }

    /** The granted scopes one by one. */
    List<String> scopes() {
        return scope.map(s -> List.of(s.strip().split("[\\s,]+"))).orElse(List.of());
    }
}
