package dev.gatewatch.web.page;

import dev.gatewatch.view.AlertView;
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
    /**
     * A channel, or one lane of it.
     *
     * @param trouble the id of the alert that it takes nothing; empty where it is not in such trouble
     * @param log where the log of its notices is
     */
    public record ChannelRow(
            String name,
            String type,
            String lane,
            long queued,
            long delivered,
            long dead,
            String lastError,
            String lastDelivery,
            String trouble,
            String log) {
        static ChannelRow of(ChannelView c, List<AlertView> troubles) {
            return new ChannelRow(
                    c.name(),
                    c.type(),
                    c.lane(),
                    c.queued(),
                    c.delivered(),
                    c.dead(),
                    c.lastError(),
                    c.lastDelivery().map(Instant::toString).orElse(""),
                    troubles.stream()
                            .filter(a -> a.state() == AlertView.State.FIRING && a.target().equals(c.display()))
                            .map(AlertView::id)
                            .findFirst()
                            .orElse(""),
                    "/notices?channel=" + Words.queryValue(c.name()));
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
            List<AlertView> troubles,
            Instant now) {
        return new StatusPage(
                config.lastReloadOk(),
                config.files(),
                config.loadedAt().toString(),
                config.lastAttempt().toString(),
                config.problems(),
                notReady.orElse(""),
                storeTrouble.orElse(""),
                snapshot.channels().stream().map(c -> ChannelRow.of(c, troubles)).toList(),
                Counts.of(snapshot),
                version,
                Runtime.version().toString(),
                location,
                startedAt.toString(),
                Words.span(Duration.between(startedAt, now)),
                snapshot.at().toString());
    }
}
