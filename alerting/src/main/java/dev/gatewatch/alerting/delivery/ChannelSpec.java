package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.ChannelMemory;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.config.Section;
import java.net.URI;
import java.util.Optional;

/** A channel as configured: clean, but not made yet. Immutable. */
public final class ChannelSpec {
    private final String name;
    private final ChannelType type;
    private final Section section;

    ChannelSpec(String name, ChannelType type, Section section) {
        this.name = name;
        this.type = type;
        this.section = section;
    }

    public String name() {
        return name;
    }

    /** The word after {@code type:}. */
    public String type() {
        return type.name();
    }

    /** Makes the channel; opens nothing. */
    public NamedChannel create(String location, Optional<URI> externalUrl, ChannelMemory memory) {
        var setup = new Setup(name, location, externalUrl, ChannelsSection.wording(section), memory);
        return new NamedChannel(name, type.name(), type.create(section, setup), section.find(ChannelsSection.RATE));
    }

    @Override
    public String toString() {
        return name + " (" + type.name() + ")";
    }
}
