package dev.gatewatch.alerting.channel.telegram;

import dev.gatewatch.alerting.channel.ChannelMemory;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** A bot in a chat. What it says later of a group of alerts answers to its first message about them. */
final class TelegramBot implements ChatChannel.Room {
    /** A message takes 4,096 characters; the title has its own share of them. */
    static final int MOST = 3_700;

    private static final int TITLE = 350;

    private final SecretUrl method;
    private final Secret token;
    private final String chat;
    private final Optional<Integer> topic;
    private final ChannelMemory memory;

    TelegramBot(SecretUrl api, Secret token, String chat, Optional<Integer> topic, ChannelMemory memory) {
        this.method = SecretUrl.of(api.reveal()
                .newBuilder()
                .addPathSegment("bot" + token.reveal())
                .addPathSegment("sendMessage")
                .build());
        this.token = token;
        this.chat = chat;
        this.topic = topic;
        this.memory = memory;
    }

    /** A group takes 20 messages a minute. */
    @Override
    public Duration spacing() {
        return Duration.ofSeconds(3);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        Notice.Group group = notices.getLast().group();
        boolean oneGroup = notices.stream().allMatch(n -> n.group().key().equals(group.key()));
        Optional<String> before = oneGroup ? memory.get(group.key()) : Optional.empty();
        var json = new LinkedHashMap<String, Object>();
        json.put("chat_id", chat);
        topic.ifPresent(thread -> json.put("message_thread_id", thread));
        json.put("parse_mode", "HTML");
        json.put(
                "text",
                message.tone().sign() + " " + TelegramMarkup.HTML.bold(TelegramMarkup.HTML.escape(message.title(), TITLE)) + "\n"
                        + String.join("\n", message.lines()));
        json.put("link_preview_options", Map.of("is_disabled", true));
        before.ifPresent(id -> json.put(
                "reply_parameters", Map.of("message_id", Long.parseLong(id), "allow_sending_without_reply", true)));
        HttpReply reply = sender.post(method, Map.of(), JsonMapper.shared().writeValueAsBytes(json), List.of(token));
        Delivery delivery = TelegramAnswer.verdict(reply);
        if (delivery instanceof Delivery.Delivered && oneGroup) {
            remember(group, before.isPresent(), reply);
        }
        return delivery;
    }

    private void remember(Notice.Group group, boolean known, HttpReply reply) {
        if (group.firing() == 0) {
            memory.remove(group.key());
        } else if (!known) {
            TelegramAnswer.messageId(reply).ifPresent(id -> memory.put(group.key(), Long.toString(id)));
        }
    }
}
