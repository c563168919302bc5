package dev.gatewatch.view;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What was told through which channel, and what is about to be. Safe for many threads; may wait for the store. */
public interface NoticeLog {
    /**
     * Which notices are asked for.
     *
     * @param channel only this channel's
     * @param alert only those about the alert of this id
     * @param states only those in one of these; never empty
     * @param before only those whose id is less than this
     * @param limit 1 to 10,000
     */
    record Query(Optional<String> channel, Optional<String> alert, Set<NoticeView.State> states, long before, int limit) {
        public Query {
            states = Set.copyOf(states);
            if (states.isEmpty() || limit < 1 || limit > 10_000) {
                throw new IllegalArgumentException("at least one state, and 1 to 10,000 notices");
            }
        }

        /** The newest of all. */
        public static Query newest(int limit) {
            return new Query(Optional.empty(), Optional.empty(), Set.of(NoticeView.State.values()), Long.MAX_VALUE, limit);
        }
    }

    /**
     * How far a channel was told of an alert.
     *
     * @param state of the notice of its beginning
     * @param attempts it took so far
     * @param at when it arrived or was given up; while it waits, when it is tried next
     * @param lastError what went wrong last; empty where nothing did
     */
    record Told(String alert, String channel, NoticeView.State state, int attempts, Instant at, String lastError) {}

    /**
     * The newest notices first.
     *
     * @throws dev.gatewatch.store.StoreException in a person's words, where they cannot be read
     */
    List<NoticeView> find(Query query);

    /**
     * What channels were told of these alerts' beginnings, in the order in which it was decided. Mirrors such as Alertmanager are told no
     * single notices and are not among them.
     *
     * @throws dev.gatewatch.store.StoreException in a person's words, where it cannot be read
     */
    List<Told> told(Collection<String> alerts);

    /** Channels that take nothing, as alerts, and those that took nothing until lately; oldest first. Asks not even the store. */
    List<AlertView> troubles();

    /** Where nobody is told anything. */
    NoticeLog NONE = new NoticeLog() {
        @Override
        public List<NoticeView> find(Query query) {
            return List.of();
        }

        @Override
        public List<Told> told(Collection<String> alerts) {
            return List.of();
        }

        @Override
        public List<AlertView> troubles() {
            return List.of();
        }
    };
}
