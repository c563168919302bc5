package dev.gatewatch.alerting.channel.log;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import java.time.Clock;
import java.util.List;

/** The {@code log} channel's type. */
public final class LogType implements ChannelType {
    @Override
    public String name() {
        return "log";
    }

    @Override
    public String description() {
        return "Writes one line for each notice to the daemon's log, under the logger gatewatch.alerts.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of();
    }

    @Override
    public Channel create(Section section, Setup setup) {
        return new LogChannel(setup, Clock.systemUTC());
    }
}
