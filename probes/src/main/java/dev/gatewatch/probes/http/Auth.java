package dev.gatewatch.probes.http;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A credential that is sent in the {@code Authorization} header. Immutable. */
sealed interface Auth {
    /** RFC 7617. */
    record Basic(String username, Secret password) implements Auth {}

    /** RFC 6750. */
    record Bearer(Secret token) implements Auth {}

    Key<String> USERNAME = Key.required("username", Types.text(), "The user.");
    Key<Secret> PASSWORD = Key.required("password", Types.secret(), "The password, usually ${env:…} or ${file:…}.");
    Key<Basic> BASIC = Key.optional(
            "basic",
            SectionType.of("basic", List.of(USERNAME, PASSWORD), s -> new Basic(s.get(USERNAME), s.get(PASSWORD))),
            "User name and password (HTTP Basic).");
    Key<Secret> BEARER = Key.optional("bearer", Types.secret(), "A token, sent as Authorization: Bearer ….");

    SectionType<Auth> TYPE = SectionType.of("auth", List.of(BASIC, BEARER), Auth::read);

    private static Auth read(Section section) {
        Optional<Auth> basic = section.find(BASIC).map(b -> b);
        Optional<Auth> bearer = section.find(BEARER).map(Bearer::new);
        if (basic.isPresent() == bearer.isPresent()) {
            section.reading().problems().error(section.node(), "one of basic and bearer is needed, not both");
        }
        return basic.or(() -> bearer).orElseGet(() -> new Bearer(new Secret("")));
    }

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
