package dev.gatewatch.alerting.channel.webhook;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.alerting.channel.support.Verdict;
import dev.gatewatch.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends one request for the notices of a group that wait together. An Idempotency-Key stands for the same notices at each attempt.
 *
 * <p>What answers mean: {@link Verdict}.
 */
final class WebhookChannel implements Channel.Messenger {
    private static final int MOST = 200;

    private final Target target;
    private final HttpSender sender;
    private final WebhookPayload payload;
    private final InstantSource clock;
    private final List<Secret> secrets;

    /**
     * Where requests go, and how.
     *
     * @param method POST, PUT or PATCH
     */
    record Target(SecretUrl url, String method, Map<String, Secret> headers, Optional<Signature> signature) {
        Target {
            headers = Map.copyOf(headers);
        }
    }

    WebhookChannel(Target target, HttpSender sender, WebhookPayload payload, List<Secret> inBody, InstantSource clock) {
        this.target = target;
        this.sender = sender;
        this.payload = payload;
        this.clock = clock;
        var all = new ArrayList<>(target.headers().values());
        target.signature().ifPresent(s -> all.add(s.secret()));
        all.addAll(inBody);
        this.secrets = List.copyOf(all);
    }

    @Override
    public int mostAtOnce() {
        return MOST;
    }

    @Override
    public int fitting(List<Notice> notices) {
        return Math.min(MOST, payload.fitting(notices, clock.instant()));
    }

    @Override
    public boolean mixesGroups() {
        return false;
    }

    @Override
    public Delivery send(List<Notice> notices) throws InterruptedException {
        Instant now = clock.instant();
        Optional<byte[]> body = payload.body(notices, now);
        if (body.isEmpty()) {
            return new Delivery.Refused(notices.size() + " notices do not fit into one request");
        }
        byte[] content = body.get();
        var sent = new LinkedHashMap<String, String>();
        target.url().basicCredentials().ifPresent(credentials -> sent.put("Authorization", credentials));
        target.headers().forEach((name, value) -> sent.put(name, value.reveal()));
        sent.put("Idempotency-Key", idempotencyKey(notices));
        target.signature().ifPresent(s -> {
            String timestamp = Long.toString(now.getEpochSecond());
            sent.put("X-Gatewatch-Timestamp", timestamp);
            sent.put("X-Gatewatch-Signature", s.of(timestamp, content));
        });
        return Verdict.of(sender.send(target.method(), target.url(), target.url().reveal(), sent, content, secrets));
    }

    /** A notice's id is unique within one store only; with the alert's it is so everywhere. */
    private static String idempotencyKey(List<Notice> notices) {
        List<String> keys = notices.stream()
                .map(notice -> notice.alert().id().replaceAll("[^A-Za-z0-9._:-]", "_") + "-" + notice.id())
                .toList();
        return keys.size() == 1 ? keys.getFirst() : keys.size() + "-" + digest(String.join("\n", keys));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public void close() {
        sender.close();
    }
}
