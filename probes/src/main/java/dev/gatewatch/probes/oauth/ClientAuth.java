package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import java.util.List;
import java.util.Optional;

/** How a client says who it is. Immutable. */
sealed interface ClientAuth {
    /** A public client, which only names itself, if that (RFC 6749, 3.2.1). */
    record None(Optional<String> id) implements ClientAuth {}

    /** In the {@code Authorization} header (RFC 6749, 2.3.1). */
    record Basic(String id, Secret secret) implements ClientAuth {}

    /** In the form (RFC 6749, 2.3.1). */
    record Post(String id, Secret secret) implements ClientAuth {}

    /** By a signed assertion (RFC 7523, 2.2). */
    record PrivateKeyJwt(String id, SigningKey key) implements ClientAuth {}

    /** By the certificate of the TLS connection (RFC 8705, 2). */
    record Tls(String id) implements ClientAuth {}

    /** The words of {@code client_auth}. */
    enum Method {
        BASIC,
        POST,
        PRIVATE_KEY_JWT,
        TLS,
        NONE
    }

    /** What must not be seen of it. */
    default List<Secret> secrets() {
        return switch (this) {
            case Basic(_, Secret secret) -> List.of(secret);
            case Post(_, Secret secret) -> List.of(secret);
            case None _, PrivateKeyJwt _, Tls _ -> List.of();
        };
    }

    /** Whether anything but a name is shown. */
    default boolean proves() {
        return !(this instanceof None);
    }
}
