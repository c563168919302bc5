package dev.gatewatch.alerting.channel.slack;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bot in a channel: one message for each group of alerts. What follows is told in the message's thread and shown in the channel too;
 * when nothing of the group fires any more the message itself turns green, so that the channel always shows what is still open.
 *
 * <p>A message that was posted while we were killed is not known afterwards: then a second one is posted and says that it may be a repeat.
 */
final class SlackBot implements ChatChannel.Room {
    private final SecretUrl api;
    private final Secret token;
    private final String channel;
    private final ChannelMemory memory;

    SlackBot(SecretUrl api, Secret token, String channel, ChannelMemory memory) {
        this.api = api;
        this.token = token;
        this.channel = channel;
        this.memory = memory;
    }

    /** A message that stands in the channel. */
    private record Posted(String channel, String ts) {
        static Optional<Posted> parse(String text) {
            int space = text.indexOf(' ');
            return space < 0 ? Optional.empty() : Optional.of(new Posted(text.substring(0, space), text.substring(space + 1)));
        }

        @Override
        public String toString() {
            return channel + " " + ts;
        }
    }

    @Override
    public Duration spacing() {
        return Duration.ofSeconds(1);
    }

    @Override
    public boolean mixesGroups() {
        return false;
    }

    @Override
    public Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender)
            throws InterruptedException {
        Notice.Group group = notices.getLast().group();
        Map<String, Object> content = SlackMessage.of(message, notices.size() > 1);
        Optional<Posted> before = memory.get(group.key()).flatMap(Posted::parse);
        if (before.isEmpty()) {
            return anew(content, group, sender);
        }
        Posted posted = before.get();
        if (group.firing() > 0) {
            content.put("channel", posted.channel());
            content.put("thread_ts", posted.ts());
            content.put("reply_broadcast", true);
            HttpReply reply = call("chat.postMessage", content, sender);
            return gone(reply) ? anew(content, group, sender) : SlackAnswer.verdict(reply);
        }
        return over(content, posted, group, sender);
    }

    private Delivery anew(Map<String, Object> content, Notice.Group group, HttpSender sender) throws InterruptedException {
        memory.remove(group.key());
        content.keySet().removeAll(List.of("thread_ts", "reply_broadcast"));
        content.put("channel", channel);
        HttpReply reply = call("chat.postMessage", content, sender);
        Delivery delivery = SlackAnswer.verdict(reply);
        if (delivery instanceof Delivery.Delivered && group.firing() > 0 && reply instanceof HttpReply.Answer answer) {
            answer.json()
                    .map(json -> new Posted(json.path("channel").asString(channel), json.path("ts").asString("")))
                    .filter(posted -> !posted.ts().isEmpty())
                    .ifPresent(posted -> memory.put(group.key(), posted.toString()));
        }
        return delivery;
    }

    /** Changing a message wakes nobody, so the end is told in the thread as well. */
    private Delivery over(Map<String, Object> content, Posted posted, Notice.Group group, HttpSender sender)
            throws InterruptedException {
        content.put("channel", posted.channel());
        content.put("ts", posted.ts());
        HttpReply reply = call("chat.update", content, sender);
        content.remove("ts");
        if (gone(reply)) {
            return anew(content, group, sender);
        }
        Delivery updated = SlackAnswer.verdict(reply);
        if (!(updated instanceof Delivery.Delivered)) {
            return updated;
        }
        content.remove("blocks");
        content.put("thread_ts", posted.ts());
        Delivery told = SlackAnswer.verdict(call("chat.postMessage", content, sender));
        if (told instanceof Delivery.Delivered) {
            memory.remove(group.key());
        }
        return told;
    }

    /** Somebody deleted the message, or it is too old to be changed. */
    private static boolean gone(HttpReply reply) {
        return reply instanceof HttpReply.Answer answer
                && answer.json()
                        .filter(json -> List.of("message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found")
                                .contains(json.path("error").asString("")))
                        .isPresent();
    }

    private HttpReply call(String method, Map<String, Object> content, HttpSender sender) throws InterruptedException {
        HttpUrl address = api.reveal().newBuilder().addPathSegment(method).build();
        byte[] body = JsonMapper.shared().writeValueAsBytes(content);
        return sender.post(api, address, Map.of("Authorization", "Bearer " + token.reveal()), body, List.of(token));
    }
}
