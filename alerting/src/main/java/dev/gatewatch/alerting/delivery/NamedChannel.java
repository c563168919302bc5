package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Channel;
import java.util.Optional;

/**
 * A channel with the name and type that its configuration gave it. Whoever delivers through it closes it.
 *
 * @param name unique among the channels
 * @param rate how many messages it takes at most; does not concern mirrors
 */
public record NamedChannel(String name, String type, Channel channel, Optional<Rate> rate) {
    /** One that takes what comes. */
    public NamedChannel(String name, String type, Channel channel) {
        this(name, type, channel, Optional.empty());
    }
}
