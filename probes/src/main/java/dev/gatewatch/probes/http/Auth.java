package dev.gatewatch.probes.http;

import dev.gatewatch.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A credential that is sent in the {@code Authorization} header. Immutable. */
sealed interface Auth {
    /** RFC 7617. */
    record Basic(String username, Secret password) implements Auth {}

    /** RFC 6750. */
    record Bearer(Secret token) implements Auth {}

    /** The value of the {@code Authorization} header. */
    default Secret header() {
        return switch (this) {
            case Basic b -> new Secret("Basic " + encoded(b));
            case Bearer b -> new Secret("Bearer " + b.token().reveal());
        };
    }

    /** What must not be seen of it. */
    default List<Secret> secrets() {
        return switch (this) {
            case Basic b -> List.of(b.password(), new Secret(encoded(b)));
            case Bearer b -> List.of(b.token());
        };
    }

    private static String encoded(Basic b) {
        byte[] pair = (b.username() + ":" + b.password().reveal()).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(pair);
    }
}
