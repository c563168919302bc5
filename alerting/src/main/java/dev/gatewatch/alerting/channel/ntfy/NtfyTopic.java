package dev.gatewatch.alerting.channel.ntfy;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Markup;
import dev.gatewatch.alerting.channel.support.Plain;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.alerting.channel.support.Verdict;
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
 * A topic of an ntfy server. Critical alerts ring through a phone's "do not disturb", which priority 5 is for.
 *
 * @param topic whoever knows its name can read it
 * @param authorization the header's value, where the server wants one
 * @param secrets parts of it that must not be seen
 */
record NtfyTopic(SecretUrl server, Secret topic, Optional<Secret> authorization, List<Secret> secrets)
        implements ChatChannel.Room {
    static final Markup MARKUP = Plain.BYTES;

    /** Longer messages than 4,096 bytes would become a file. */
    static final int MOST = 3_900;

    private static final int TITLE = 250;
    private static final int MOST_BUTTONS = 3;
    private static final int LONGEST_ADDRESS = 1_000;

    NtfyTopic {
        secrets = List.copyOf(secrets);
    }

    @Override
    public Duration spacing() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        var json = new LinkedHashMap<String, Object>();
        json.put("topic", topic.reveal());
        json.put("title", Cut.bytes(message.title(), TITLE));
        json.put("message", String.join("\n", message.lines()));
        switch (message.tone()) {
            case CRITICAL -> look(json, 5, "red_circle");
            case WARNING -> look(json, 4, "orange_circle");
            case INFO -> look(json, 3, "large_blue_circle");
            case RESOLVED -> look(json, 3, "white_check_mark");
        }
        List<Map.Entry<String, String>> links = message.links().entrySet().stream()
                .filter(link -> link.getValue().length() <= LONGEST_ADDRESS)
                .limit(MOST_BUTTONS)
                .toList();
        if (!links.isEmpty()) {
            json.put("click", links.getFirst().getValue());
            json.put(
                    "actions",
                    links.stream()
                            .map(link -> Map.of("action", "view", "label", Cut.chars(link.getKey(), 40), "url", link.getValue()))
                            .toList());
        }
        Map<String, String> headers =
                authorization.map(value -> Map.of("Authorization", value.reveal())).orElse(Map.of());
        var hidden = new ArrayList<>(secrets);
        hidden.add(topic);
        return verdict(sender.post(server, headers, JsonMapper.shared().writeValueAsBytes(json), hidden));
    }

    /** Tags that are names of emoji are shown before the title. */
    private static void look(Map<String, Object> json, int priority, String tag) {
        json.put("priority", priority);
        json.put("tags", List.of(tag));
    }

    static Delivery verdict(HttpReply reply) {
        return Verdict.of(
                reply,
                answer -> answer.json().filter(j -> j.hasNonNull("id")).isPresent()
                        ? new Delivery.Delivered()
                        : Verdict.notFrom("ntfy", answer));
    }
}
