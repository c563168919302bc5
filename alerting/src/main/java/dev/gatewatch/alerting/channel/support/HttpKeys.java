package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;
import okhttp3.Credentials;

/** The configuration keys that channels over HTTP have in common. */
public final class HttpKeys {
    /** How long one request may take in all. */
    public static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Types.duration(Duration.ofMillis(100), Duration.ofMinutes(2)),
            Duration.ofSeconds(10),
            "10s",
            "How long one request may take in all.");

    private static final Key<X509TrustManager> TRUST = Key.optional(
            "trust", PemTrust.type(), "A PEM file with the authorities to trust, in place of the system's.");

    /** TLS settings. */
    public static final Key<TlsSettings> TLS = Key.optional(
            "tls",
            SectionType.of("tls", List.of(TRUST), section -> new TlsSettings(section.find(TRUST))),
            "How to check the receiver's certificate.");

    private static final Key<String> USERNAME = Key.required("username", Types.text(), "The user's name.");
    private static final Key<Secret> PASSWORD = Key.required("password", Types.secret(), "The password.");

    /** HTTP basic authentication. */
    public static final Key<BasicAuth> BASIC_AUTH = Key.optional(
            "basic_auth",
            SectionType.of(
                    "basic_auth",
                    List.of(USERNAME, PASSWORD),
                    section -> new BasicAuth(section.get(USERNAME), section.get(PASSWORD))),
            "User name and password to send (HTTP basic authentication).");

    /** A bearer token. */
    public static final Key<Secret> BEARER_TOKEN =
            Key.optional("bearer_token", headerValue(), "A token to send as \"Authorization: Bearer …\".");

    private HttpKeys() {}

    /** A sender as {@link #TIMEOUT} and {@link #TLS} of a channel say. */
    public static HttpSender sender(Section section) {
        return new HttpSender(section.get(TIMEOUT), section.find(TLS).flatMap(TlsSettings::trust));
    }

    /** A secret that can stand in a header: printable ASCII. */
    public static ValueType<Secret> headerValue() {
        return SecretValues.of("printable ASCII text", text -> text.isEmpty()
                        || text.chars().anyMatch(c -> c < 0x20 || c > 0x7e)
                ? Optional.empty()
                : Optional.of(new Secret(text)));
    }

    /** What a {@code tls} section says; without an authority of its own, the system's are trusted. */
    public record TlsSettings(Optional<X509TrustManager> trust) {}

    /** What a {@code basic_auth} section says. */
    public record BasicAuth(String username, Secret password) {
        /** All that must not be seen of it. */
        public List<Secret> secrets() {
            return List.of(new Secret(SecretUrl.encodedPart(header().reveal())), password);
        }

        /** The value of the Authorization header. */
        public Secret header() {
            return new Secret(
                    Credentials.basic(username, password.reveal(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
