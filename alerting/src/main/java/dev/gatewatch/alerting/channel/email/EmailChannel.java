package dev.gatewatch.alerting.channel.email;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Sends one mail for the notices of a group that wait together. */
final class EmailChannel implements Channel.Messenger {
    /** A longer list nobody reads, and servers limit the size. */
    private static final int MOST = 500;

    private final MailServer server;
    private final Letters letters;
    private final InstantSource clock;

    EmailChannel(MailServer server, Letters letters, InstantSource clock) {
        this.server = server;
        this.letters = letters;
        this.clock = clock;
    }

    @Override
    public int mostAtOnce() {
        return MOST;
    }

    @Override
    public boolean mixesGroups() {
        return false; // a group is a thread
    }

    @Override
    public Duration spacing() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Delivery send(List<Notice> notices) throws InterruptedException {
        return server.send(letters.of(notices, clock.instant()));
    }
}
