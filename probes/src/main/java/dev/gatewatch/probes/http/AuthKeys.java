package dev.gatewatch.probes.http;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.util.List;
import java.util.Optional;

/** The keys of {@code auth}. */
final class AuthKeys {
    private static final Key<String> USERNAME = Key.required("username", Types.text(), "The user.");
    private static final Key<Secret> PASSWORD =
            Key.required("password", Types.secret(), "The password, usually ${env:…} or ${file:…}.");
    private static final Key<Auth.Basic> BASIC = Key.optional(
            "basic",
            SectionType.of(
                    "basic", List.of(USERNAME, PASSWORD), s -> new Auth.Basic(s.get(USERNAME), s.get(PASSWORD))),
            "User name and password (HTTP Basic).");
    private static final Key<Secret> BEARER =
            Key.optional("bearer", Types.secret(), "A token, sent as Authorization: Bearer ….");

    static final SectionType<Auth> TYPE = SectionType.of("auth", List.of(BASIC, BEARER), AuthKeys::read);

    private AuthKeys() {}

    private static Auth read(Section section) {
        Optional<Auth> basic = section.find(BASIC).map(b -> b);
        Optional<Auth> bearer = section.find(BEARER).map(Auth.Bearer::new);
        if (basic.isPresent() == bearer.isPresent()) {
            section.reading().problems().error(section.node(), "either basic or bearer is needed");
        }
        // what stands in after a problem is dropped by the reader
        return basic.or(() -> bearer).orElseGet(() -> new Auth.Bearer(new Secret("")));
    }
}
