package dev.gatewatch.alerting.delivery;

import dev.gatewatch.view.ChannelView;
import java.time.Duration;

/**
 * One queue to one receiver. A step does what is due and says when to come again, so that a lane needs no clock to wait by: its thread
 * waits for it, and tests need not.
 */
interface Lane {
    /** Nothing is due until the lane is woken. */
    Duration UNTIL_WOKEN = Duration.ofDays(1);

    /** For people and thread names. */
    String title();

    /**
     * Does what is due; called by one thread only.
     *
     * @return how long nothing will be due, unless the lane is woken
     * @throws InterruptedException when told to give up an attempt; it counts as one that may have arrived
     */
    Duration step() throws InterruptedException;

    /** How it gets on with its receiver after its latest step; for the thread that steps. */
    Health health();

    /** The lane as it stands after its latest step; for any thread. */
    ChannelView view();
}
