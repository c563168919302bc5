package dev.gatewatch.alerting.channel;

import java.time.Duration;
import java.util.Optional;

/** How an attempt to deliver ended. Reasons are for people and never hold a secret. */
public sealed interface Delivery {
    /** The receiver took it. */
    record Delivered() implements Delivery {}

    /**
     * Not now; try again.
     *
     * @param after how long the receiver asks us to wait, where it says so
     * @param mayHaveArrived whether the receiver may have taken it all the same: the next attempt then says that it may be a repeat
     */
    record Retry(String reason, Optional<Duration> after, boolean mayHaveArrived) implements Delivery {
        /** It surely did not arrive. */
        public Retry(String reason, Optional<Duration> after) {
            this(reason, after, false);
        }
    }

    /** The receiver will never take this message; others may do. With several notices in the message they are tried one by one. */
    record Refused(String reason) implements Delivery {}

    /** The channel is broken for good (revoked key, archived room): a person must mend it. Notices wait, and other channels are told. */
    record Broken(String reason) implements Delivery {}
}
