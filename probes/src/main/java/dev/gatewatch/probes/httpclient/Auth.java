package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A credential that is sent in the {@code Authorization} header. Immutable. */
public sealed interface Auth {
    /** RFC 7617. */
    record Basic(String username, Secret password) implements Auth {}

    /** RFC 6750. */
    record Bearer(Secret token) implements Auth {}

    /** RFC 7616: sent only in answer to a challenge. */
    record Digest(String username, Secret password) implements Auth {}

    /** A token of a source that all probes share, which {@link HttpSession} turns into a {@link Bearer}. */
    record OAuth(String name, TokenSource source) implements Auth {}

    /** The value of the {@code Authorization} header. */
    default Secret header() {
        return switch (this) {
            case Basic b -> new Secret("Basic " + encoded(b));
            case Bearer b -> new Secret("Bearer " + b.token().reveal());
            case Digest _ -> throw new IllegalStateException("there is no challenge to answer yet");
            case OAuth o -> throw new IllegalStateException("the token of " + o.name() + " was not asked for");
        };
    }

    /** What must not be seen of it. */
    default List<Secret> secrets() {
        return switch (this) {
            case Basic b -> List.of(b.password(), new Secret(encoded(b)));
            case Bearer b -> List.of(b.token());
            case Digest d -> List.of(d.password());
            case OAuth _ -> List.of();
        };
    }

    private static String encoded(Basic b) {
        byte[] pair = (b.username() + ":" + b.password().reveal()).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(pair);
    }
}
