package dev.gatewatch.alerting.delivery;

import java.time.Duration;

/** What delivery tells metrics. Called on delivery threads; must be quick and not throw. Queue depths are in {@link Deliveries#views}. */
public interface DeliveryMetrics {
    /** Tells nobody. */
    DeliveryMetrics NONE = (_, _, _, _, _) -> {};

    /** How an attempt ended. */
    enum Outcome {
        DELIVERED,
        RETRY,
        REFUSED,
        BROKEN;

        /** The word used in labels. */
        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * An attempt ended.
     *
     * @param lane the peer's name for a mirror, empty for a messenger
     * @param alerts how many notices or alerts it was about
     */
    void attempted(String channel, String lane, Outcome outcome, int alerts, Duration took);
}
