package dev.gatewatch.probes.oauth;

import com.nimbusds.jose.JWSAlgorithm;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.JsonValue;
import dev.gatewatch.probes.httpclient.UrlType;
import dev.gatewatch.probes.tls.PemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/** The keys of a token client and how they become an {@link OAuthClient}. */
final class ClientKeys {
    private static final String TOKEN_URL_MEANING = "The token endpoint: an http:// or https:// address.";
    private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(10);

    /** RFC 6749, 3.3. */
    private static final ValueType<String> SCOPE =
            Types.text("a scope (no blanks, quotes or backslashes)", "[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,200}");

    private static final Key<HttpUrl> REQUIRED_URL = Key.required("token_url", UrlType.INSTANCE, TOKEN_URL_MEANING);

    /** As in a section, for a probe that may refer to a client instead. */
    static final Key<HttpUrl> TOKEN_URL = Key.optional("token_url", UrlType.INSTANCE, TOKEN_URL_MEANING);

    private static final Key<Grant.Kind> GRANT = Key.withDefault(
            "grant",
            Types.oneOf(Grant.Kind.class),
            Grant.Kind.CLIENT_CREDENTIALS,
            "client_credentials",
            "What is traded for a token: client_credentials, a refresh_token, or a signed assertion (jwt_bearer, RFC 7523).");
    private static final Key<String> CLIENT_ID = Key.optional("client_id", Types.text(), "The client's id.");
    private static final Key<Secret> CLIENT_SECRET =
            Key.optional("client_secret", Types.secret(), "The client's secret, usually ${env:…} or ${file:…}.");
    private static final Key<ClientAuth.Method> CLIENT_AUTH = Key.optional(
            "client_auth",
            Types.oneOf(ClientAuth.Method.class),
            "How the client proves who it is: basic (client_secret in the Authorization header), post (client_secret in the form),"
                    + " private_key_jwt (an assertion signed with key), tls (the certificate of the tls section) or none. Default:"
                    + " basic with a client_secret, private_key_jwt with a key that the grant does not need, tls with a client"
                    + " certificate and a client_id, else none.");
    private static final Key<Path> KEY = Key.optional(
            "key",
            Types.readableFile(),
            "PEM file of the private key (RSA of at least 2048 bits, or EC P-256; not encrypted) that signs assertions, for"
                    + " jwt_bearer and private_key_jwt.");
    private static final Key<String> KEY_ID =
            Key.optional("key_id", Types.text(), "Which key it is (kid), for servers that know several.");
    private static final Key<JWSAlgorithm> ALGORITHM = Key.optional(
            "algorithm",
            Types.oneOf(SigningKey.algorithms()),
            "How key signs. Default: RS256 for an RSA key, ES256 for an EC key.");
    private static final Key<String> ASSERTION_AUDIENCE = Key.optional(
            "assertion_audience", Types.text(), "The aud claim of what key signs. Default: token_url.");
    private static final Key<List<String>> SCOPES =
            Key.withDefault("scopes", Types.oneOrMore(SCOPE), List.of(), "the server's default", "Scopes to ask for.");
    private static final Key<String> AUDIENCE =
            Key.optional("audience", Types.text(), "Sent as audience, for servers that issue tokens by API (Auth0 and others).");
    private static final Key<SequencedMap<String, Secret>> PARAMS = Key.optional(
            "params",
            Types.map(Types.text("a parameter name", "[A-Za-z0-9_.-]{1,100}"), Types.secret()),
            "More parameters of the token request, such as resource.");
    private static final Key<Secret> REFRESH_TOKEN = Key.optional(
            "refresh_token",
            Types.secret(),
            "The first refresh token, for the grant refresh_token. Where the server rotates, the next ones are remembered in its"
                    + " place over restarts, sealed with it; no two daemons may use the same one.");
    private static final Key<String> ISSUER =
            Key.optional("issuer", Types.text(), "The iss claim of a jwt_bearer assertion. Default: client_id.");
    private static final Key<String> SUBJECT =
            Key.optional("subject", Types.text(), "The sub claim of a jwt_bearer assertion. Default: issuer.");
    private static final Key<SequencedMap<String, JsonValue>> CLAIMS = Key.optional(
            "claims",
            Types.map(Types.text("a claim's name", ".{1,200}"), JsonValue.type()),
            "More claims of a jwt_bearer assertion, or others in the place of the standard ones.");
    private static final Key<Duration> RENEW_AHEAD = Key.optional(
            "renew_ahead",
            Types.duration(Duration.ZERO, Duration.ofDays(1)),
            "How long before its end the token is renewed; at most half of its lifetime. Default: 1m, or a tenth of the lifetime"
                    + " where that is shorter.");
    private static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Types.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            TIMEOUT_DEFAULT,
            "10s",
            "How long a token request may take. A run that waits for it waits no longer than its own time-out.");

    /** A form with credentials is never sent to where a redirect leads. */
    private static final Set<String> UNUSED = Set.of("follow_redirects", "max_redirects");

    private static final List<Key<?>> SHARED = Stream.concat(
                    Stream.<Key<?>>of(
                            GRANT,
                            CLIENT_ID,
                            CLIENT_SECRET,
                            CLIENT_AUTH,
                            KEY,
                            KEY_ID,
                            ALGORITHM,
                            ASSERTION_AUDIENCE,
                            SCOPES,
                            AUDIENCE,
                            PARAMS,
                            REFRESH_TOKEN,
                            ISSUER,
                            SUBJECT,
                            CLAIMS),
                    ClientSettings.KEYS.stream().filter(key -> !UNUSED.contains(key.name())))
            .toList();

    /** The keys of a probe that says by itself what client it is. */
    static final List<Key<?>> INLINE =
            Stream.concat(Stream.<Key<?>>of(TOKEN_URL), SHARED.stream()).toList();

    /** One client of the {@code oauth} section. */
    static final SectionType<OAuthClient> SECTION = SectionType.of(
            "oauth",
            Stream.of(List.<Key<?>>of(REQUIRED_URL), SHARED, List.<Key<?>>of(RENEW_AHEAD, TIMEOUT))
                    .flatMap(List::stream)
                    .toList(),
            section -> read(section, REQUIRED_URL));

    private ClientKeys() {}

    /** The client that a probe describes by itself; problems between keys are told to the section. */
    static OAuthClient inline(Section section) {
        return read(section, TOKEN_URL);
    }

    /** Which keys of a client stand in a probe's section. */
    static List<Key<?>> written(Section section) {
        return INLINE.stream().filter(section::has).toList();
    }

    private static OAuthClient read(Section section, Key<HttpUrl> urlKey) {
        HttpUrl url = section.get(urlKey);
        ClientSettings settings = ClientSettings.read(section);
        Grant.Kind kind = section.get(GRANT);
        ClientAuth.Method method = method(section, kind, settings);
        checkUnused(section, kind, method);
        Optional<SigningKey> key = section.find(KEY).flatMap(file -> signingKey(section, file));
        return new OAuthClient(
                url,
                section.at(urlKey) instanceof Node.Scalar s && s.secret(),
                grant(section, kind, key),
                auth(section, method, key, settings),
                section.find(ASSERTION_AUDIENCE).orElse(url.toString()),
                section.get(SCOPES),
                section.find(AUDIENCE),
                section.find(PARAMS).orElseGet(LinkedHashMap::new),
                section.find(RENEW_AHEAD),
                section.find(TIMEOUT).orElse(TIMEOUT_DEFAULT),
                settings);
    }

    private static ClientAuth.Method method(Section section, Grant.Kind kind, ClientSettings settings) {
        return section.find(CLIENT_AUTH).orElseGet(() -> {
            if (section.has(CLIENT_SECRET)) {
                return ClientAuth.Method.BASIC;
            }
            if (section.has(KEY) && kind != Grant.Kind.JWT_BEARER) {
                return ClientAuth.Method.PRIVATE_KEY_JWT;
            }
            boolean certificate = settings.tls().identity().isPresent() && section.has(CLIENT_ID);
            return certificate ? ClientAuth.Method.TLS : ClientAuth.Method.NONE;
        });
    }

    private static void checkUnused(Section section, Grant.Kind kind, ClientAuth.Method method) {
        boolean bearer = kind == Grant.Kind.JWT_BEARER;
        boolean signs = bearer || method == ClientAuth.Method.PRIVATE_KEY_JWT;
        boolean bySecret = method == ClientAuth.Method.BASIC || method == ClientAuth.Method.POST;
        if (!bySecret) {
            unused(section, "with client_auth: " + method.name().toLowerCase(java.util.Locale.ROOT), CLIENT_SECRET);
        }
        if (!signs) {
            unused(
                    section,
                    "by grant and client_auth, which sign nothing",
                    KEY,
                    KEY_ID,
                    ALGORITHM,
                    ASSERTION_AUDIENCE);
        }
        if (!bearer) {
            unused(section, "without grant: jwt_bearer", ISSUER, SUBJECT, CLAIMS);
        }
        if (kind != Grant.Kind.REFRESH_TOKEN) {
            unused(section, "without grant: refresh_token", REFRESH_TOKEN);
        }
    }

    private static void unused(Section section, String when, Key<?>... keys) {
        for (Key<?> key : keys) {
            if (section.has(key)) {
                section.problem(key, "\"" + key.name() + "\" is not used " + when + "; remove it, or change the other");
            }
        }
    }

    private static Optional<SigningKey> signingKey(Section section, Path file) {
        try {
            return Optional.of(SigningKey.read(file, section.find(ALGORITHM), section.find(KEY_ID)));
        } catch (PemException e) {
            section.problem(KEY, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Grant grant(Section section, Grant.Kind kind, Optional<SigningKey> key) {
        return switch (kind) {
            case CLIENT_CREDENTIALS -> new Grant.ClientCredentials();
            case REFRESH_TOKEN ->
                new Grant.RefreshToken(need(section, REFRESH_TOKEN, "grant: refresh_token").orElse(new Secret("")));
            case JWT_BEARER -> {
                if (!section.has(KEY)) {
                    missing(section, KEY, "grant: jwt_bearer");
                }
                Optional<String> issuer = section.find(ISSUER).or(() -> section.find(CLIENT_ID));
                if (issuer.isEmpty()) {
                    missing(section, ISSUER, "grant: jwt_bearer");
                }
                yield key.isEmpty()
                        ? new Grant.ClientCredentials() // dropped, as a problem was told
                        : new Grant.JwtBearer(key.get(), issuer.orElse(""), section.find(SUBJECT), claims(section));
            }
        };
    }

    private static SequencedMap<String, JsonNode> claims(Section section) {
        var claims = new LinkedHashMap<String, JsonNode>();
        section.find(CLAIMS).ifPresent(all -> all.forEach((name, value) -> claims.put(name, value.tree())));
        return claims;
    }

    private static ClientAuth auth(
            Section section, ClientAuth.Method method, Optional<SigningKey> key, ClientSettings settings) {
        if (method == ClientAuth.Method.NONE) {
            return new ClientAuth.None(section.find(CLIENT_ID));
        }
        String way = "client_auth: " + method.name().toLowerCase(java.util.Locale.ROOT);
        String id = need(section, CLIENT_ID, way).orElse("");
        return switch (method) {
            case BASIC -> new ClientAuth.Basic(id, need(section, CLIENT_SECRET, way).orElse(new Secret("")));
            case POST -> new ClientAuth.Post(id, need(section, CLIENT_SECRET, way).orElse(new Secret("")));
            case PRIVATE_KEY_JWT -> {
                if (!section.has(KEY)) {
                    missing(section, KEY, way);
                }
                yield key.isEmpty() ? new ClientAuth.Tls(id) : new ClientAuth.PrivateKeyJwt(id, key.get());
            }
            case TLS -> {
                if (settings.tls().identity().isEmpty()) {
                    section.problem(CLIENT_AUTH, way + " needs a client certificate: tls: {cert: …, key: …}");
                }
                yield new ClientAuth.Tls(id);
            }
            case NONE -> new ClientAuth.None(Optional.of(id));
        };
    }

    private static <T> Optional<T> need(Section section, Key<T> key, String why) {
        Optional<T> value = section.find(key);
        if (value.isEmpty()) {
            missing(section, key, why);
        }
        return value;
    }

    private static void missing(Section section, Key<?> key, String why) {
        section.problem(key, "missing key \"" + key.name() + "\", which " + why + " needs");
    }
}
