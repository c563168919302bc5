package dev.gatewatch.alerting.channel;

import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Where notices go. Implementations are safe for many threads, keep no queue of their own and never retry: the delivery does. Their
 * calls may block, up to the configured time-out; {@link #close} is called after the last one.
 */
public sealed interface Channel extends AutoCloseable {
    @Override
    default void close() {}

    /** A channel that is told what happened, once for each change: chat rooms, webhooks. Backed by the durable outbox. */
    non-sealed interface Messenger extends Channel {
        /**
         * Sends all these notices as one message, in order. Several come when they queued up; every alert must be named.
         *
         * @param notices 1 to {@link #mostAtOnce} that are {@link #fitting}, oldest first
         */
        Delivery send(List<Notice> notices) throws InterruptedException;

        /** How many notices one message may carry at most, each named in it. */
        default int mostAtOnce() {
            return 1;
        }

        /**
         * How many of these notices, from the first on, fit into one message with every alert named; at least 1. It depends on how long
         * the names are, where {@link #mostAtOnce} is a bound for any.
         */
        default int fitting(List<Notice> notices) {
            return Math.min(notices.size(), mostAtOnce());
        }

        /** Whether one message may carry notices of several groups; otherwise a message is about one group. */
        default boolean mixesGroups() {
            return true;
        }

        /** The least time between two messages. */
        default Duration spacing() {
            return Duration.ZERO;
        }
    }

    /**
     * A channel that holds a picture of what is firing and wants it refreshed: Alertmanager. The delivery pushes at every change and
     * again every {@link #refresh}, to each peer in a lane of its own; resolved alerts are pushed for {@link #repeatResolved} longer.
     */
    non-sealed interface Mirror extends Channel {
        /** The peers' names, for people and metrics; without secrets. */
        List<String> peers();

        /**
         * Pushes the alerts' present state to one peer.
         *
         * @param alerts firing and resolved ones, 1 to {@link #mostAtOnce}; none only for a beat
         */
        Delivery push(int peer, List<AlertView> alerts, Instant now) throws InterruptedException;

        default int mostAtOnce() {
            return 256;
        }

        /** Whether to push at each refresh also when there is nothing to tell, as a sign of life. */
        default boolean beats() {
            return false;
        }

        default Duration refresh() {
            return Duration.ofMinutes(1);
        }

        default Duration repeatResolved() {
            return Duration.ofMinutes(15);
        }
    }
}
