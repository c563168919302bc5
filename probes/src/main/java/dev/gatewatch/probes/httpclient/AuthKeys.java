package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys of {@code auth}. */
public final class AuthKeys {
    private static final Key<String> USERNAME = Key.required("username", Types.text(), "The user.");
    private static final Key<Secret> PASSWORD =
            Key.required("password", Types.secret(), "The password, usually ${env:…} or ${file:…}.");
    private static final Key<Auth.Basic> BASIC = Key.optional(
            "basic",
            SectionType.of(
                    "basic", List.of(USERNAME, PASSWORD), s -> new Auth.Basic(s.get(USERNAME), s.get(PASSWORD))),
            "User name and password (HTTP Basic).");
    private static final Key<Auth.Digest> DIGEST = Key.optional(
            "digest",
            SectionType.of(
                    "digest", List.of(USERNAME, PASSWORD), s -> new Auth.Digest(s.get(USERNAME), s.get(PASSWORD))),
            "User name and password (HTTP Digest, RFC 7616: MD5, SHA-256, SHA-512-256 and their -sess forms). The first request goes"
                    + " without, and is repeated once with the answer to the target's challenge.");
    private static final Key<Secret> BEARER =
            Key.optional("bearer", Types.secret(), "A token, sent as Authorization: Bearer ….");

    private static final Key<String> OAUTH = Key.optional(
            "oauth",
            Types.name(),
            "Name of a client in the configuration's oauth section, whose token is sent as Authorization: Bearer …; it is shared, renewed"
                    + " before it expires, and asked for anew once when the target refuses it with 401.");

    /** The {@code auth} section of a request. */
    public static final SectionType<Auth> TYPE =
            SectionType.of("auth", List.of(BASIC, DIGEST, BEARER, OAUTH), AuthKeys::read);

    private AuthKeys() {}

    private static Auth read(Section section) {
        var all = new ArrayList<Auth>();
        section.find(BASIC).ifPresent(all::add);
        section.find(DIGEST).ifPresent(all::add);
        section.find(BEARER).map(Auth.Bearer::new).ifPresent(all::add);
        section.find(OAUTH).flatMap(name -> oauth(section, name)).ifPresent(all::add);
        long written = List.of(BASIC, DIGEST, BEARER, OAUTH).stream().filter(section::has).count();
        if (written != 1) {
            section.reading().problems().error(section.node(), "one of basic, digest, bearer and oauth is needed");
        }
        // what stands in after a problem is dropped by the reader
        return all.isEmpty() ? new Auth.Bearer(new Secret("")) : all.getFirst();
    }

    private static Optional<Auth> oauth(Section section, String name) {
        Optional<TokenSources> sources = section.reading().shared(TokenSources.class);
        Optional<TokenSource> source = sources.flatMap(s -> s.find(name));
        if (source.isEmpty()) {
            List<String> known = sources.map(TokenSources::names).orElse(List.of());
            section.reading()
                    .problems()
                    .error(
                            section.at(OAUTH),
                            "no client of the oauth section is called \"" + name + "\"",
                            known.isEmpty()
                                    ? "the configuration has no oauth section"
                                    : Suggestions.didYouMean(name, known).orElse("known: " + String.join(", ", known)));
        }
        return source.map(s -> new Auth.OAuth(name, s));
    }
}
