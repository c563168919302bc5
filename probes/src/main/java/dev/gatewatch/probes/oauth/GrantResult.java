package dev.gatewatch.probes.oauth;

import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.util.Optional;

/** How a token request ended. Immutable. */
sealed interface GrantResult {
    record Granted(Token token) implements GrantResult {}

    /**
     * No token.
     *
     * @param failure fit to be shown
     * @param retryAfter how long the server asks to be left alone
     */
    record Refused(Failure failure, Optional<Duration> retryAfter) implements GrantResult {}
}
