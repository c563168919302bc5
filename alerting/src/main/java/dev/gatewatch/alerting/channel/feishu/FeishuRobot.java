package dev.gatewatch.alerting.channel.feishu;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.Hmac;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * A group robot of Feishu or Lark: a card whose head has the tone's colour, with buttons that open pages.
 *
 * @param secret what it signs with, where the robot asks for a signature
 * @param keyword what every message must hold, where the robot asks for that
 */
record FeishuRobot(SecretUrl webhook, Optional<Secret> secret, Optional<String> keyword) implements ChatChannel.Room {
    /** A body takes 20 kB. */
    static final int MOST = 15_000;

    private static final int TITLE = 200;
    private static final int LONGEST_ADDRESS = 600;

    /** A robot takes 100 messages a minute and 5 a second. */
    @Override
    public Duration spacing() {
        return Duration.ofMillis(600);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        var json = new LinkedHashMap<String, Object>();
        secret.ifPresent(key -> {
            String timestamp = Long.toString(now.getEpochSecond());
            json.put("timestamp", timestamp);
            // here, unlike at DingTalk, the secret is part of the key and nothing is signed
            json.put("sign", Hmac.base64(timestamp + "\n" + key.reveal(), ""));
        });
        json.put("msg_type", "interactive");
        json.put("card", card(message));
        byte[] body = JsonMapper.shared().writeValueAsBytes(json);
        return FeishuAnswer.verdict(sender.post(webhook, Map.of(), body, secret.map(List::of).orElse(List.of())));
    }

    private Map<String, Object> card(ChatText.Message message) {
        String title = message.tone().sign() + " " + Cut.chars(message.title(), TITLE);
        String text = String.join("\n", message.lines());
        String said = keyword.filter(word -> !title.contains(word) && !text.contains(word))
                .map(word -> text + "\n" + word)
                .orElse(text);
        var elements = new ArrayList<Object>();
        elements.add(Map.of("tag", "div", "text", Map.of("tag", "lark_md", "content", said)));
        List<Map<String, Object>> buttons = message.links().entrySet().stream()
                .filter(link -> link.getValue().length() <= LONGEST_ADDRESS)
                .limit(5)
                .map(link -> Map.<String, Object>of(
                        "tag", "button",
                        "type", "default",
                        "text", Map.of("tag", "plain_text", "content", Cut.chars(link.getKey(), 40)),
                        "url", link.getValue()))
                .toList();
        if (!buttons.isEmpty()) {
            elements.add(Map.of("tag", "action", "actions", buttons));
        }
        String template =
                switch (message.tone()) {
                    case CRITICAL -> "red";
                    case WARNING -> "orange";
                    case INFO -> "blue";
                    case RESOLVED -> "green";
                };
        return Map.of(
                "config", Map.of("wide_screen_mode", true),
                "header", Map.of("template", template, "title", Map.of("tag", "plain_text", "content", title)),
                "elements", elements);
    }
}
