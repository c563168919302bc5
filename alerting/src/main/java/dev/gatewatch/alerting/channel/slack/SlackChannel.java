package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Posts to one incoming webhook, at most one message a second, as Slack asks. */
final class SlackChannel implements Channel.Messenger {
    private final SecretUrl webhook;
    private final Optional<URI> externalUrl;
    private final HttpSender sender;
    private final InstantSource clock;

    SlackChannel(SecretUrl webhook, Optional<URI> externalUrl, HttpSender sender, InstantSource clock) {
        this.webhook = webhook;
        this.externalUrl = externalUrl;
        this.sender = sender;
        this.clock = clock;
    }

    @Override
    public int mostAtOnce() {
        return SlackMessage.MOST_NOTICES;
    }

    @Override
    public Duration spacing() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Delivery send(List<Notice> notices) throws InterruptedException {
        Instant now = clock.instant();
        byte[] body = JsonMapper.shared().writeValueAsBytes(SlackMessage.of(notices, externalUrl, now));
        return SlackAnswer.verdict(sender.post(webhook, Map.of(), body, List.of()));
    }

    @Override
    public void close() {
        sender.close();
    }
}
