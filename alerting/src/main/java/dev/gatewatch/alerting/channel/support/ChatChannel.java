package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A channel that posts messages to a chat. What is particular to a chat is in its {@link Room}. */
public final class ChatChannel implements Channel.Messenger {
    /** More than this in one message nobody reads, whatever fits. */
    private static final int MOST = 1_000;

    private final ChatText text;
    private final Room room;
    private final HttpSender sender;
    private final InstantSource clock;

    public ChatChannel(ChatText text, Room room, HttpSender sender, InstantSource clock) {
        this.text = text;
        this.room = room;
        this.sender = sender;
        this.clock = clock;
    }

    /** The place that messages go to. Safe for many threads. */
    public interface Room {
        /** Posts a message about these notices. */
        Delivery post(ChatText.Message message, List<Notice> notices, Instant now, HttpSender sender) throws InterruptedException;

        /** The least time between two messages. */
        Duration spacing();

        /** See {@link Channel.Messenger#mixesGroups}. */
        default boolean mixesGroups() {
            return true;
        }
    }

    @Override
    public int mostAtOnce() {
        return MOST;
    }

    @Override
    public int fitting(List<Notice> notices) {
        return text.fitting(notices, clock.instant());
    }

    @Override
    public boolean mixesGroups() {
        return room.mixesGroups();
    }

    @Override
    public Duration spacing() {
        return room.spacing();
    }

    @Override
    public Delivery send(List<Notice> notices) throws InterruptedException {
        Instant now = clock.instant();
        Optional<ChatText.Message> message = text.of(notices, now);
        if (message.isEmpty()) {
            // the delivery then sends them one by one
            return new Delivery.Refused(notices.size() + " notices do not fit into one message");
        }
        return room.post(message.get(), notices, now, sender);
    }

    @Override
    public void close() {
        sender.close();
    }
}
