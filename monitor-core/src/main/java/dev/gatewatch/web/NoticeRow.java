package dev.gatewatch.web;

import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.util.Optional;

/**
 * One notice on its way to one channel, as the API shows it. Immutable.
 *
 * @param kind {@code firing} or {@code resolved}
 * @param state whether it waits, arrived or was given up: "queued", "delivered" or "dead"
 * @param attempts how often it was tried
 * @param error what the receiver said last; empty where nothing went wrong
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
        String error,
        Instant createdAt,
        Optional<Instant> deliveredAt) {}
