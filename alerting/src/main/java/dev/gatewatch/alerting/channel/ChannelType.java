package dev.gatewatch.alerting.channel;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A kind of channel; a plug-in point. Found by {@link java.util.ServiceLoader} and chosen by the {@code type} key of a channel's
 * configuration. Implementations have a public constructor without parameters and no state.
 */
public interface ChannelType {
    /** The word after {@code type:}, such as {@code slack}. */
    String name();

    /** One sentence for the reference page. */
    String description();

    /** The keys that this type reads, beside {@code name} and {@code type}. */
    List<Key<?>> keys();

    /** Makes the channel from its clean section. Opens nothing. */
    Channel create(Section section, Setup setup);

    /**
     * What a channel is told about the daemon it belongs to.
     *
     * @param name the channel's own name
     * @param externalUrl where people reach this daemon's page, for links; absent when nothing but loopback is known
     * @param wording as the channel's {@code language} and {@code time_zone} say
     * @param memory what it remembers over restarts
     */
    record Setup(String name, String location, Optional<URI> externalUrl, Wording wording, ChannelMemory memory) {
        /** With a memory that does not outlast it. */
        public Setup(String name, String location, Optional<URI> externalUrl, Wording wording) {
            this(name, location, externalUrl, wording, ChannelMemory.inMemory());
        }

        /** In English. */
        public Setup(String name, String location, Optional<URI> externalUrl) {
            this(name, location, externalUrl, Wording.DEFAULT);
        }
    }
}
