package dev.gatewatch.alerting.channel.webhook;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.alerting.channel.support.Verdict;
import dev.gatewatch.config.Secret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Posts one request a notice. Never several at once: an Idempotency-Key stands for the same content at each attempt.
 *
 * <p>What answers mean: {@link Verdict}.
 */
final class WebhookChannel implements Channel.Messenger {
    private final SecretUrl url;
    private final Map<String, Secret> headers;
    private final Optional<Signature> signature;
    private final HttpSender sender;
    private final WebhookBody body;
    private final InstantSource clock;
    private final List<Secret> secrets;

    WebhookChannel(
            SecretUrl url,
            Map<String, Secret> headers,
            Optional<Signature> signature,
            HttpSender sender,
            WebhookBody body,
            InstantSource clock) {
        this.url = url;
        this.headers = Map.copyOf(headers);
        this.signature = signature;
        this.sender = sender;
        this.body = body;
        this.clock = clock;
        var all = new ArrayList<>(headers.values());
        signature.ifPresent(s -> all.add(s.secret()));
        this.secrets = List.copyOf(all);
    }

    @Override
    public Delivery send(List<Notice> notices) throws InterruptedException {
        Notice notice = notices.getFirst();
        Instant now = clock.instant();
        byte[] content = body.of(notice, now);
        var sent = new LinkedHashMap<String, String>();
        url.basicCredentials().ifPresent(credentials -> sent.put("Authorization", credentials));
        headers.forEach((name, value) -> sent.put(name, value.reveal()));
        sent.put("Idempotency-Key", idempotencyKey(notice));
        signature.ifPresent(s -> {
            String timestamp = Long.toString(now.getEpochSecond());
            sent.put("X-Gatewatch-Timestamp", timestamp);
            sent.put("X-Gatewatch-Signature", s.of(timestamp, content));
        });
        return Verdict.of(sender.post(url, sent, content, secrets));
    }

    /** The notice's id is unique within one store only; with the alert's it is so everywhere. */
    private static String idempotencyKey(Notice notice) {
        return notice.alert().id().replaceAll("[^A-Za-z0-9._:-]", "_") + "-" + notice.id();
    }

    @Override
    public void close() {
        sender.close();
    }
}
