package dev.gatewatch.alerting.channel.mattermost;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Plain;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * An incoming webhook of Mattermost.
 *
 * @param channel where to post instead of the webhook's own channel
 */
record MattermostWebhook(SecretUrl webhook, Optional<String> channel) implements ChatChannel.Room {
    /** A post takes 16,383 characters. */
    static final int MOST = 14_000;

    private static final int TITLE = 600;

    @Override
    public Duration spacing() {
        return Duration.ofMillis(200);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        String title = message.tone().sign() + " " + MattermostMarkup.MARKDOWN.escape(message.title(), TITLE);
        var attachment = new LinkedHashMap<String, Object>();
        attachment.put("fallback", Plain.CHARS.escape(message.headline(), TITLE)); // shown as it is
        attachment.put("color", message.tone().hex());
        attachment.put("text", String.join("\n", message.lines()));
        var json = new LinkedHashMap<String, Object>();
        channel.ifPresent(name -> json.put("channel", name));
        // the text is what a notification shows
        json.put("text", MattermostMarkup.MARKDOWN.bold(title));
        json.put("attachments", List.of(attachment));
        return verdict(sender.post(webhook, Map.of(), JsonMapper.shared().writeValueAsBytes(json), List.of()));
    }

    static Delivery verdict(HttpReply reply) {
        return Verdict.of(
                reply,
                answer -> answer.body().strip().equals("ok") ? new Delivery.Delivered() : Verdict.notFrom("Mattermost", answer));
    }
}
