package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The keys of Prometheus' common HTTP client that blackbox_exporter takes, as keys of our http probe. */
final class HttpClientConfig {
    private static final Key<String> USERNAME = Key.optional("username", Types.text(), "The user.");
    private static final Key<Path> USERNAME_FILE = Key.optional("username_file", Types.readableFile(), "File of it.");
    private static final Key<Secret> PASSWORD = Key.optional("password", Types.secret(), "The password.");
    private static final Key<Path> PASSWORD_FILE = Key.optional("password_file", Types.readableFile(), "File of it.");
    private static final Key<SequencedMap<String, Object>> BASIC_AUTH = Key.optional(
            "basic_auth",
            SectionType.of("basic_auth", List.of(USERNAME, USERNAME_FILE, PASSWORD, PASSWORD_FILE), HttpClientConfig::basic),
            "User name and password.");

    private static final Key<String> AUTH_TYPE = Key.withDefault("type", Types.text(), "Bearer", "Bearer", "The scheme.");
    private static final Key<Secret> CREDENTIALS = Key.optional("credentials", Types.secret(), "The credential.");
    private static final Key<Path> CREDENTIALS_FILE =
            Key.optional("credentials_file", Types.readableFile(), "File of it.");
    private static final Key<SequencedMap<String, Object>> AUTHORIZATION = Key.optional(
            "authorization",
            SectionType.of(
                    "authorization", List.of(AUTH_TYPE, CREDENTIALS, CREDENTIALS_FILE), HttpClientConfig::authorization),
            "The Authorization header.");
    private static final Key<Secret> BEARER_TOKEN = Key.optional("bearer_token", Types.secret(), "A token.");
    private static final Key<Path> BEARER_TOKEN_FILE =
            Key.optional("bearer_token_file", Types.readableFile(), "File of it.");
    private static final Key<String> PROXY_URL = Key.optional("proxy_url", Types.text(), "The proxy.");
    private static final Key<String> NO_PROXY = Key.optional("no_proxy", Types.text(), "Hosts without proxy.");
    private static final Key<Boolean> FROM_ENVIRONMENT = Key.withDefault(
            "proxy_from_environment", GoTypes.bool(), false, "false", "Proxy of the environment's variables.");
    private static final Key<SequencedMap<String, List<Secret>>> CONNECT_HEADER = Key.optional(
            "proxy_connect_header", Types.map(Types.text(), Types.list(Types.secret(), 1)), "Headers of CONNECT.");
    static final Key<Boolean> HTTP2 =
            Key.withDefault("enable_http2", GoTypes.bool(), true, "true", "Whether to offer HTTP/2.");
    private static final Key<Boolean> FOLLOW =
            Key.withDefault("follow_redirects", GoTypes.bool(), true, "true", "Whether to follow redirects.");
    static final Key<SequencedMap<String, Object>> TLS_CONFIG = Key.optional("tls_config", TlsConfig.TYPE, "TLS.");

    private static final Key<Node> OAUTH2 = Key.optional("oauth2", new Whatever(), "Client of an OAuth server.");

    static final List<Key<?>> KEYS = List.of(
            OAUTH2,
            BASIC_AUTH,
            AUTHORIZATION,
            BEARER_TOKEN,
            BEARER_TOKEN_FILE,
            PROXY_URL,
            NO_PROXY,
            FROM_ENVIRONMENT,
            CONNECT_HEADER,
            HTTP2,
            FOLLOW,
            TLS_CONFIG);

    private HttpClientConfig() {}

    /** Puts what the section says into keys of our http probe. */
    static void read(Section section, SequencedMap<String, Object> keys) {
        if (section.has(OAUTH2)) {
            section.problem(
                    OAUTH2,
                    "oauth2 is not supported in modules; name a client in the oauth section of a configuration, and write an http"
                            + " probe with auth: {oauth: NAME}");
        }
        List<Key<?>> credentials = List.<Key<?>>of(BASIC_AUTH, AUTHORIZATION, BEARER_TOKEN, BEARER_TOKEN_FILE).stream()
                .filter(section::has)
                .toList();
        if (credentials.size() > 1) {
            section.problem(
                    credentials.getLast(), "at most one of basic_auth, authorization, bearer_token and bearer_token_file");
        }
        section.find(BASIC_AUTH).ifPresent(basic -> keys.put("auth", Map.of("basic", basic)));
        section.find(AUTHORIZATION).ifPresent(keys::putAll);
        section.find(BEARER_TOKEN).ifPresent(token -> keys.put("auth", Map.of("bearer", token)));
        section.find(BEARER_TOKEN_FILE)
                .ifPresent(file -> keys.put("auth", Map.of("bearer", secret(section, BEARER_TOKEN_FILE, file))));
        proxy(section, keys);
        section.find(TLS_CONFIG).filter(tls -> !tls.isEmpty()).ifPresent(tls -> keys.put("tls", tls));
        if (!section.get(HTTP2)) {
            keys.put("http_version", "1.1");
        }
        if (!section.get(FOLLOW)) {
            keys.put("follow_redirects", false);
        }
    }

    /** Anything, to be refused in better words than "unknown key". */
    private static final class Whatever implements ValueType<Node> {
        @Override
        public Optional<Node> read(Node node, Reading reading) {
            return Optional.of(node);
        }

        @Override
        public String describe() {
            return "anything";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return Map.of();
        }
    }

    private static void proxy(Section section, SequencedMap<String, Object> keys) {
        if (section.get(FROM_ENVIRONMENT)) {
            section.problem(FROM_ENVIRONMENT, "a proxy from the environment is not supported; write it as proxy_url");
        }
        if (section.has(NO_PROXY) && !section.has(PROXY_URL)) {
            section.problem(NO_PROXY, "no_proxy needs proxy_url");
        }
        section.find(PROXY_URL).filter(url -> !url.isEmpty()).ifPresent(url -> keys.put("proxy", url));
        section.find(NO_PROXY).ifPresent(hosts -> keys.put(
                "no_proxy", List.of(hosts.split(",")).stream().map(String::strip).toList()));
        section.find(CONNECT_HEADER).ifPresent(headers -> {
            var all = new LinkedHashMap<String, Object>();
            headers.forEach((name, values) -> all.put(name, values.getFirst()));
            keys.put("proxy_headers", all);
        });
    }

    private static SequencedMap<String, Object> basic(Section section) {
        var basic = new LinkedHashMap<String, Object>();
        basic.put(
                "username",
                section.find(USERNAME)
                        .or(() -> section.find(USERNAME_FILE).map(f -> secret(section, USERNAME_FILE, f).reveal()))
                        .orElse(""));
        basic.put(
                "password",
                section.find(PASSWORD)
                        .or(() -> section.find(PASSWORD_FILE).map(f -> secret(section, PASSWORD_FILE, f)))
                        .orElse(new Secret("")));
        return basic;
    }

    private static SequencedMap<String, Object> authorization(Section section) {
        String type = section.get(AUTH_TYPE);
        if (type.equalsIgnoreCase("basic")) {
            section.problem(AUTH_TYPE, "type cannot be \"basic\"; use basic_auth");
        }
        Secret credential = section.find(CREDENTIALS)
                .or(() -> section.find(CREDENTIALS_FILE).map(f -> secret(section, CREDENTIALS_FILE, f)))
                .orElse(new Secret(""));
        var keys = new LinkedHashMap<String, Object>();
        if (type.equals("Bearer")) {
            keys.put("auth", Map.of("bearer", credential));
        } else {
            keys.put("headers", Map.of("Authorization", new Secret(type + " " + credential.reveal())));
        }
        return keys;
    }

    static Secret secret(Section section, Key<?> key, Path file) {
        try {
            return new Secret(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            section.problem(key, "cannot read " + file + ": " + e.getMessage());
            return new Secret("");
        }
    }
}
