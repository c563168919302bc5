package dev.gatewatch.alerting.channel.slack;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** An incoming webhook: takes messages, at most one a second as Slack asks, and never changes them. */
record SlackWebhook(SecretUrl webhook) implements ChatChannel.Room {
    @Override
    public Duration spacing() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        byte[] body = JsonMapper.shared().writeValueAsBytes(SlackMessage.of(message, notices.size() > 1));
        return SlackAnswer.verdict(sender.post(webhook, Map.of(), body, List.of()));
    }
}
