package dev.gatewatch.web;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Where the page and the API listen, and who may use them; the {@code server} section. Immutable.
 *
 * @param listen port 0 takes any free port
 * @param externalUrl where people reach the page, for links and behind a proxy
 * @param identities who may come in; empty means that everybody who reaches the port may do everything
 */
public record ServerSettings(HostPort listen, Optional<URI> externalUrl, List<Identity> identities) {
    /** The words that open a daemon to everyone; they say what they do, so that nobody writes them by accident. */
    static final String OPEN = "yes-anyone-may-read-and-silence";

    private static final HostPort DEFAULT_LISTEN = new HostPort("127.0.0.1", 9780);

    private static final Key<HostPort> LISTEN = Key.withDefault(
            "listen",
            Types.hostPort(0),
            DEFAULT_LISTEN,
            DEFAULT_LISTEN.toString(),
            "Address and port of the page, the API and the metrics. Port 0 takes any free port.");
    private static final Key<URI> EXTERNAL_URL = Key.optional(
            "external_url",
            Types.uri("http", "https"),
            "Where people reach this page, for links in notices and for a proxy in front.");

    private static final Key<String> USERNAME = Key.required(
            "username", Types.text("a user name without ':'", "[^:\\p{Cntrl}]{1,100}"), "Name for HTTP basic authentication.");
    private static final Key<Secret> PASSWORD =
            Key.required("password", Types.secret(), "Password for HTTP basic authentication.");
    private static final SectionType<Identity> BASIC = SectionType.of(
            "auth", List.of(USERNAME, PASSWORD), s -> new Identity(s.get(USERNAME), s.get(PASSWORD), Role.OPERATOR));

    private static final Key<String> TOKEN_NAME =
            Key.required("name", Types.name(), "Who uses the token; the user name where a browser asks for one.");
    private static final Key<Secret> TOKEN = Key.required(
            "token", Types.secret(), "Sent as \"Authorization: Bearer …\", or as the password with the token's name.");
    private static final Key<Role> ROLE = Key.withDefault(
            "role",
            Types.oneOf(Role.class),
            Role.VIEWER,
            "viewer",
            "viewer reads; operator also changes things, such as reloading.");
    private static final SectionType<Identity> TOKEN_SECTION = SectionType.of(
            "token", List.of(TOKEN_NAME, TOKEN, ROLE), s -> new Identity(s.get(TOKEN_NAME), s.get(TOKEN), s.get(ROLE)));

    private static final Key<Identity> AUTH =
            Key.optional("auth", BASIC, "One user with a password, who may do everything.");
    private static final Key<List<Identity>> TOKENS = Key.withDefault(
            "tokens", Types.list(TOKEN_SECTION, 0), List.of(), "none", "Tokens for programs and further people.");
    private static final Key<Boolean> ALLOW_UNAUTHENTICATED = Key.withDefault(
            "allow_unauthenticated",
            Types.oneOf(new LinkedHashMap<>(java.util.Map.of(OPEN, true))),
            false,
            "not allowed",
            "Listening beyond loopback without auth or tokens is refused, unless this says \"" + OPEN + "\".");

    /** The {@code server} section. */
    public static final SectionType<ServerSettings> SECTION = SectionType.of(
            "server", List.of(LISTEN, EXTERNAL_URL, AUTH, TOKENS, ALLOW_UNAUTHENTICATED), ServerSettings::read);

    /** What holds where the configuration has no {@code server} section. */
    public static final ServerSettings DEFAULT = new ServerSettings(DEFAULT_LISTEN, Optional.empty(), List.of());

    public ServerSettings {
        identities = List.copyOf(identities);
    }

    /**
     * Someone who may come in. Immutable.
     *
     * @param secret a password or token
     */
    public record Identity(String name, Secret secret, Role role) {}

    /** These settings with another place to listen at, as the command line may ask for. */
    public ServerSettings listeningAt(HostPort other) {
        return new ServerSettings(other, externalUrl, identities);
    }

    /** Whether only this machine can connect. */
    public boolean loopbackOnly() {
        return Hosts.isLoopback(listen.host());
    }

    private static ServerSettings read(Section section) {
        var identities = new ArrayList<Identity>();
        section.find(AUTH).ifPresent(identities::add);
        identities.addAll(section.get(TOKENS));
        var names = new HashSet<String>();
        for (Identity identity : identities) {
            if (!names.add(identity.name())) {
                section.problem(TOKENS, "two identities are named \"" + identity.name() + "\"");
            }
            if (identity.secret().reveal().length() < 8) {
                section.problem(
                        section.has(TOKENS) ? TOKENS : AUTH,
                        "the secret of \"" + identity.name() + "\" is shorter than 8 characters; it would be guessed");
            }
        }
        var settings = new ServerSettings(section.get(LISTEN), section.find(EXTERNAL_URL), identities);
        if (identities.isEmpty() && !settings.loopbackOnly() && !section.get(ALLOW_UNAUTHENTICATED)) {
            section.problem(
                    LISTEN,
                    "listening on " + settings.listen()
                            + " lets other machines in, and nobody has to say who they are: add auth or tokens, listen on"
                            + " 127.0.0.1, or write allow_unauthenticated: " + OPEN);
        }
        return settings;
    }
}
