package dev.gatewatch.alerting.channel.webhook;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The {@code webhook} channel's type. */
public final class WebhookType implements ChannelType {
    private static final Key<SecretUrl> URL =
            Key.required("url", SecretUrl.type(), "The address to post to. Treated as a secret.");

    private static final Key<SequencedMap<String, Secret>> HEADERS = Key.optional(
            "headers",
            Types.map(
                    Types.text(
                            "a header name that is not set by the daemon itself",
                            "(?i)(?!(?:host|content-type|content-length|transfer-encoding|connection|idempotency-key"
                                    + "|x-gatewatch-.*)$)[a-z0-9!#$%&'*+.^_|~-]{1,100}"),
                    HttpKeys.headerValue()),
            "Further headers to send. Their values are treated as secrets.");

    private static final Key<Secret> SECRET = Key.optional(
            "secret",
            Types.secret(),
            "Signs each request: X-Gatewatch-Signature holds sha256= and the hexadecimal HMAC-SHA256, under this secret, of the"
                    + " X-Gatewatch-Timestamp header, a full stop and the body.");

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public String description() {
        return "Posts each notice as JSON in the form of Alertmanager's webhook (version 4), with our own fields beside it.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(URL, HEADERS, SECRET, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        var sender = new HttpSender(
                section.get(HttpKeys.TIMEOUT), section.find(HttpKeys.TLS).flatMap(HttpKeys.TlsSettings::trust));
        return new WebhookChannel(
                section.get(URL),
                section.<SequencedMap<String, Secret>>find(HEADERS).<Map<String, Secret>>map(h -> h).orElse(Map.of()),
                section.find(SECRET).map(Signature::new),
                sender,
                new WebhookBody(setup),
                Clock.systemUTC());
    }
}
