package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.httpclient.Phase;
import dev.gatewatch.probes.httpclient.TokenSources;
import dev.gatewatch.probes.httpclient.UrlType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** Probes that get a token and look at it. */
public final class OAuthProbeType implements ProbeType {
    private static final Key<String> CLIENT = Key.optional(
            "client",
            Types.name(),
            "Name of a client in the configuration's oauth section, instead of token_url and the keys that go with it.");
    private static final Key<OAuthProbe.Mode> MODE = Key.withDefault(
            "mode",
            Types.oneOf(OAuthProbe.Mode.class),
            OAuthProbe.Mode.FULL,
            "full",
            "full runs the grant each time; cached takes the token that all probes of the client share, and so watches what they"
                    + " get.");
    private static final Key<Boolean> REFRESH = Key.withDefault(
            "refresh",
            Types.bool(),
            false,
            "false",
            "Whether to use the refresh token that comes with the token, to prove that it works; only with mode: full.");
    private static final Key<Duration> MIN_LIFETIME = Key.optional(
            "min_lifetime",
            Types.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            "Shortest lifetime of the token (in mode cached: what is left of it); below it the run is degraded (token_expired).");
    private static final Key<List<String>> EXPECT_SCOPES = Key.withDefault(
            "expect_scopes",
            Types.oneOrMore(Types.text()),
            List.of(),
            "any",
            "Scopes that must be granted; a missing one is permission_missing. A server that tells none grants what was asked for.");
    private static final Key<HttpUrl> INTROSPECT_URL = Key.optional(
            "introspect_url",
            UrlType.INSTANCE,
            "Introspection endpoint (RFC 7662), which must say that the token is active. The client proves who it is as at the"
                    + " token endpoint.");

    @Override
    public String name() {
        return "oauth";
    }

    @Override
    public String description() {
        return "Gets an OAuth 2.0 access token by a grant, looks at its lifetime, scopes and claims, and on demand proves that its"
                + " refresh token works and that the server calls it active.";
    }

    @Override
    public List<Key<?>> keys() {
        return Stream.concat(
                        Stream.<Key<?>>of(CLIENT, MODE, REFRESH, MIN_LIFETIME, EXPECT_SCOPES, INTROSPECT_URL),
                        ClientKeys.INLINE.stream())
                .toList();
    }

    @Override
    public Key<?> endpoint() {
        return ClientKeys.TOKEN_URL;
    }

    @Override
    public List<FactSpec> facts() {
        return OAuthFacts.SPECS;
    }

    @Override
    public List<String> phases() {
        return Phase.NAMES;
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_oauth_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        OAuthProbe.Mode mode = section.get(MODE);
        if (mode == OAuthProbe.Mode.CACHED && !section.has(CLIENT)) {
            section.problem(MODE, "mode: cached watches the token that probes share; it needs client: NAME of the oauth section");
        }
        if (mode == OAuthProbe.Mode.CACHED && section.get(REFRESH)) {
            section.problem(REFRESH, "refresh: true runs grants by itself and needs mode: full");
        }
        return new OAuthProbe(
                source(section),
                mode,
                section.get(REFRESH),
                section.find(MIN_LIFETIME),
                section.get(EXPECT_SCOPES),
                section.find(INTROSPECT_URL)
                        .map(url -> new Introspection(
                                url, section.at(INTROSPECT_URL) instanceof Node.Scalar s && s.secret())));
    }

    private static SharedToken source(Section section) {
        Optional<String> name = section.find(CLIENT);
        if (name.isEmpty()) {
            return new SharedToken(new TokenClient("own", inline(section)));
        }
        for (Key<?> key : ClientKeys.written(section)) {
            section.problem(key, "\"" + key.name() + "\" stands beside client, which says it already; keep one of them");
        }
        return section.reading()
                .shared(OAuthClients.class)
                .flatMap(clients -> clients.client(name.get()))
                .orElseGet(() -> {
                    unknown(section, name.get());
                    return new SharedToken(new TokenClient("none", OAuthClient.none(section)));
                });
    }

    private static OAuthClient inline(Section section) {
        if (section.has(ClientKeys.TOKEN_URL)) {
            return ClientKeys.inline(section);
        }
        section.problem(
                ClientKeys.TOKEN_URL, "missing key \"token_url\", or \"client\" with the name of a client in the oauth section");
        return OAuthClient.none(section);
    }

    private static void unknown(Section section, String name) {
        List<String> known = section.reading()
                .shared(TokenSources.class)
                .map(TokenSources::names)
                .orElse(List.of());
        if (known.contains(name)) {
            section.problem(CLIENT, "the client \"" + name + "\" has problems of its own");
            return;
        }
        section.reading()
                .problems()
                .error(
                        section.at(CLIENT),
                        "no client of the oauth section is called \"" + name + "\"",
                        known.isEmpty()
                                ? "the configuration has no oauth section"
                                : Suggestions.didYouMean(name, known).orElse("known: " + String.join(", ", known)));
    }
}
