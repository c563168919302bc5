package dev.gatewatch.view;

import java.time.Instant;
import java.util.Optional;

/**
 * A channel as it stands. Immutable.
 *
 * @param lane part of a channel with a queue of its own (an Alertmanager peer's URL); empty for a channel with one queue
 * @param queued notices that wait
 * @param delivered notices that arrived since start
 * @param dead notices given up for good, kept in the store
 * @param lastError what the receiver said last, while it fails; empty when all is well
 */
public record ChannelView(
        String name,
        String type,
        String lane,
        long queued,
        long delivered,
        long dead,
        String lastError,
        Optional<Instant> lastDelivery) {
    /** Name and lane, for people. */
    public String display() {
        return lane.isEmpty() ? name : name + " (" + lane + ")";
    }
}
