package dev.gatewatch.alerting.channel.webhook;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.AlertmanagerPayload;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.NoticeValues;
import dev.gatewatch.alerting.channel.support.Plain;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final Key<Method> METHOD =
            Key.withDefault("method", Types.oneOf(Method.class), Method.POST, "post", "The request's method: `post`, `put` or `patch`.");

    private static final Key<BodyTemplate> BODY = Key.optional(
            "body",
            BodyTemplate.TYPE,
            "What to send as JSON instead, with places for values in its texts: `{text: \"$(title): $(message)\"}`. Of several notices in one"
                    + " message `$(title)` and `$(text)` name every alert, the other values are the loudest alert's. Known are "
                    + String.join(", ", NoticeValues.NAMES) + ", labels.NAME and annotations.NAME.");

    /** How to send. */
    private enum Method {
        POST,
        PUT,
        PATCH
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public String description() {
        return "Sends notices as JSON: in the form of Alertmanager's webhook (version 4) with our own fields beside it, or in a form of"
                + " your own.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(URL, METHOD, HEADERS, BODY, SECRET, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        Optional<BodyTemplate> own = section.find(BODY);
        return new WebhookChannel(
                new WebhookChannel.Target(
                        section.get(URL),
                        section.get(METHOD).name(),
                        section.<SequencedMap<String, Secret>>find(HEADERS).<Map<String, Secret>>map(h -> h).orElse(Map.of()),
                        section.find(SECRET).map(Signature::new)),
                HttpKeys.sender(section),
                own.<WebhookPayload>map(template -> new WebhookPayload.Own(
                                template, new ChatText(setup, Plain.CHARS, WebhookPayload.Own.MOST_TEXT, false)))
                        .orElseGet(() -> new WebhookPayload.Standard(new AlertmanagerPayload(setup))),
                own.map(BodyTemplate::secrets).orElse(List.of()),
                Clock.systemUTC());
    }
}
