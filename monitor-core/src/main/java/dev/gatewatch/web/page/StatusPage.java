package dev.gatewatch.web.page;

import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.view.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The daemon itself: configuration, channels, store, and which version runs where. Immutable. */
public record StatusPage(
        boolean configurationOk,
        List<String> files,
        String loadedAt,
        String lastAttempt,
        List<String> problems,
        String notReady,
        String storeTrouble,
        List<ChannelRow> channels,
        Counts counts,
        String version,
        String java,
        String location,
        String startedAt,
        String uptime,
        String updatedAt) {
    /** A channel, or one lane of it. */
    public record ChannelRow(
            String name,
            String type,
            String lane,
            long queued,
            long delivered,
            long dead,
            String lastError,
            String lastDelivery) {
        static ChannelRow of(ChannelView c) {
            return new ChannelRow(
                    c.name(),
                    c.type(),
                    c.lane(),
                    c.queued(),
                    c.delivered(),
                    c.dead(),
                    c.lastError(),
                    c.lastDelivery().map(Instant::toString).orElse(""));
        }
    }

    public static StatusPage of(
            Snapshot snapshot,
            ConfigStatus config,
            Optional<String> notReady,
            Optional<String> storeTrouble,
            String version,
            String location,
            Instant startedAt,
            Instant now) {
        return new StatusPage(
                config.lastReloadOk(),
                config.files(),
                config.loadedAt().toString(),
                config.lastAttempt().toString(),
                config.problems(),
                notReady.orElse(""),
                storeTrouble.orElse(""),
                snapshot.channels().stream().map(ChannelRow::of).toList(),
                Counts.of(snapshot),
                version,
                Runtime.version().toString(),
                location,
                startedAt.toString(),
                Words.span(Duration.between(startedAt, now)),
                snapshot.at().toString());
    }
}
