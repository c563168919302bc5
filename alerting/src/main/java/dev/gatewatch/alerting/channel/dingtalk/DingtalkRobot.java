package dev.gatewatch.alerting.channel.dingtalk;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.Hmac;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Lookalikes;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Measure;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import tools.jackson.databind.json.JsonMapper;

/**
 * A group robot of DingTalk. One notice is a card with buttons; several, or one that calls somebody, are a markdown message, as cards
 * cannot call anybody.
 *
 * @param secret what it signs with, where the robot asks for a signature
 * @param keyword what every message must hold, where the robot asks for that
 * @param mobiles who is called while something fires
 */
record DingtalkRobot(SecretUrl webhook, Optional<Secret> secret, Optional<String> keyword, List<String> mobiles)
        implements ChatChannel.Room {
    /** A line break alone is none there. */
    static final Markup MARKUP = new Lookalikes(Measure.JSON_BYTES, "  \n");

    /** A body takes 20,000 bytes. */
    static final int MOST = 14_000;

    private static final int TITLE = 600;
    private static final int LONGEST_ADDRESS = 1_000;

    DingtalkRobot {
        mobiles = List.copyOf(mobiles);
    }

    /** A robot takes 20 messages a minute, and none for ten minutes after more. */
    @Override
    public Duration spacing() {
        return Duration.ofMillis(3_100);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        HttpUrl.Builder address = webhook.reveal().newBuilder();
        secret.ifPresent(key -> {
            String timestamp = Long.toString(now.toEpochMilli());
            address.addQueryParameter("timestamp", timestamp);
            address.addQueryParameter("sign", Hmac.base64(key.reveal(), timestamp + "\n" + key.reveal()));
        });
        byte[] body = JsonMapper.shared().writeValueAsBytes(body(message, notices));
        return DingtalkAnswer.verdict(
                sender.post(webhook, address.build(), Map.of(), body, secret.map(List::of).orElse(List.of())));
    }

    private Map<String, Object> body(ChatText.Message message, List<Notice> notices) {
        String headline = message.tone().sign() + " " + MARKUP.escape(message.title(), TITLE);
        String text = withKeyword("### " + headline + MARKUP.newline() + String.join(MARKUP.newline(), message.lines()));
        boolean calls = !mobiles.isEmpty() && notices.stream().anyMatch(n -> n.kind().firing());
        if (calls) {
            String called = mobiles.stream().map(mobile -> "@" + mobile).collect(Collectors.joining(" "));
            return Map.of(
                    "msgtype", "markdown",
                    "markdown", Map.of("title", headline, "text", text + MARKUP.newline() + called),
                    "at", Map.of("atMobiles", mobiles, "isAtAll", false));
        }
        List<Map<String, String>> buttons = message.links().entrySet().stream()
                .filter(link -> link.getValue().length() <= LONGEST_ADDRESS)
                .map(link -> Map.of("title", Cut.chars(link.getKey(), 20), "actionURL", link.getValue()))
                .limit(5)
                .toList();
        if (buttons.isEmpty()) {
            return Map.of("msgtype", "markdown", "markdown", Map.of("title", headline, "text", text));
        }
        return Map.of(
                "msgtype", "actionCard",
                "actionCard", Map.of("title", headline, "text", text, "btnOrientation", "1", "btns", buttons));
    }

    private String withKeyword(String text) {
        return keyword.filter(word -> !text.contains(word)).map(word -> text + MARKUP.newline() + word).orElse(text);
    }
}
