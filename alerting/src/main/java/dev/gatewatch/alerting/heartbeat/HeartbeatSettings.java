package dev.gatewatch.alerting.heartbeat;

import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;

/**
 * The {@code heartbeat} section: who is told at a steady pace that this daemon works, and calls somebody when that stops. Immutable.
 *
 * @param every from one beat to the next
 * @param trust the authorities to trust in place of the system's
 */
public record HeartbeatSettings(
        SecretUrl url, Duration every, Method method, Optional<Secret> bearerToken, Duration timeout, Optional<X509TrustManager> trust) {
    private static final Key<SecretUrl> URL = Key.required(
            "url", SecretUrl.type(), "The address of the dead man's switch (healthchecks.io, an uptime monitor's push address). Treated as a secret.");

    private static final Key<Duration> EVERY = Key.withDefault(
            "every",
            Types.duration(Duration.ofSeconds(5), Duration.ofHours(1)),
            Duration.ofMinutes(1),
            "1m",
            "From one request to the next. Let the switch wait for at least twice as long.");

    private static final Key<Method> METHOD = Key.withDefault(
            "method", Types.oneOf(Method.class), Method.GET, "get", "The request's method: `get`, `head` or `post` (with an empty body).");

    /** How the section is read. */
    public static final SectionType<HeartbeatSettings> SECTION = SectionType.of(
            "heartbeat",
            List.of(URL, EVERY, METHOD, HttpKeys.BEARER_TOKEN, HttpKeys.TIMEOUT, HttpKeys.TLS),
            HeartbeatSettings::read);

    /** How a beat is sent. */
    public enum Method {
        GET,
        HEAD,
        POST
    }

    private static HeartbeatSettings read(Section section) {
        return new HeartbeatSettings(
                section.get(URL),
                section.get(EVERY),
                section.get(METHOD),
                section.find(HttpKeys.BEARER_TOKEN),
                section.get(HttpKeys.TIMEOUT),
                section.find(HttpKeys.TLS).flatMap(HttpKeys.TlsSettings::trust));
    }

    /** What sends the beats; to be closed. Opens nothing yet. */
    public HeartbeatSender sender() {
        return new HeartbeatSender(this, new HttpSender(timeout, trust));
    }
}
