package dev.gatewatch.alerting.channel.discord;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.BackslashMarkdown;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Measure;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A webhook of a Discord channel. The title is the message's content, as phones show nothing of an embed in a notification; the rest is an
 * embed in the tone's colour.
 */
record DiscordWebhook(SecretUrl webhook) implements ChatChannel.Room {
    static final Markup MARKUP = new BackslashMarkdown(Measure.CHARS, "\\*_~`|<>[]#", "\n");

    /** An embed's description takes 4,096 characters. */
    static final int MOST = 4_000;

    /** The content takes 2,000. */
    private static final int TITLE = 500;

    /** Discord takes 30 messages a minute in a channel. */
    @Override
    public Duration spacing() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        var json = Map.of(
                "content",
                message.tone().sign() + " " + MARKUP.bold(MARKUP.escape(message.title(), TITLE)),
                "embeds",
                List.of(Map.of(
                        "description",
                        String.join("\n", message.lines()),
                        "color",
                        message.tone().colour())),
                // "@everyone" in a target's answer calls nobody
                "allowed_mentions",
                Map.of("parse", List.of()));
        var address = webhook.reveal().newBuilder().setQueryParameter("wait", "true").build();
        return verdict(sender.post(webhook, address, Map.of(), JsonMapper.shared().writeValueAsBytes(json), List.of()));
    }

    static Delivery verdict(HttpReply reply) {
        if (reply instanceof HttpReply.Answer answer && answer.status() == 429) {
            return new Delivery.Retry(
                    answer.inWords(),
                    answer.json().flatMap(j -> HttpReply.seconds(j.path("retry_after"))).or(answer::retryAfter));
        }
        // the message itself comes back, or 204 from what stands in for Discord
        return Verdict.of(
                reply,
                answer -> answer.status() == 204 || answer.json().filter(j -> j.hasNonNull("id")).isPresent()
                        ? new Delivery.Delivered()
                        : Verdict.notFrom("Discord", answer));
    }
}
