package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Channel;

/**
 * A channel with the name and type that its configuration gave it. Whoever delivers through it closes it.
 *
 * @param name unique among the channels
 */
public record NamedChannel(String name, String type, Channel channel) {}
