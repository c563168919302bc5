package dev.gatewatch.web;

import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.util.Optional;

/**
 * One notice on its way to one channel, as the API shows it. Immutable.
 *
 * @param kind {@code firing} or {@code resolved}
 * @param alertId the id of the alert that it tells about
 * @param state {@code queued}, {@code sending}, {@code sent}, or {@code dead} for one that was given up
 * @param attempts begun so far
 * @param mayRepeat whether it may have arrived before without us knowing
 * @param lastError what went wrong last; empty where nothing did
 * @param nextAt when it is tried next, while it waits
 * @param endedAt when it was sent or given up
 */
public record NoticeRow(
        long id,
        String channel,
        String kind,
        String alertId,
        String rule,
        Series series,
        String state,
        int attempts,
        boolean mayRepeat,
        String lastError,
        Instant createdAt,
        Optional<Instant> nextAt,
        Optional<Instant> endedAt) {}
