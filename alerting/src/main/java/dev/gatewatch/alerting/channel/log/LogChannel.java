package dev.gatewatch.alerting.channel.log;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.alerting.channel.support.NoticeText;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes notices to the log: firing ones as warnings, resolved ones as information. */
final class LogChannel implements Channel.Messenger {
    private static final Logger ALERTS = LoggerFactory.getLogger("gatewatch.alerts");
    private static final int LONGEST_LINE = 4_000;

    private final Setup setup;
    private final InstantSource clock;

    LogChannel(Setup setup, InstantSource clock) {
        this.setup = setup;
        this.clock = clock;
    }

    @Override
    public int mostAtOnce() {
        return 100; // one line each; only the bookkeeping is shared
    }

    @Override
    public Delivery send(List<Notice> notices) {
        for (Notice notice : notices) {
            NoticeText text = NoticeText.of(notice, setup, clock.instant());
            // one line: a line break in a target's answer must not forge another entry
            String line = Cut.chars(text.title() + " | " + text.body().replace("\n", " | "), LONGEST_LINE);
            switch (notice.kind()) {
                case FIRING, REMINDER -> ALERTS.warn("{}", line);
                case RESOLVED -> ALERTS.info("{}", line);
            }
        }
        return new Delivery.Delivered();
    }
}
