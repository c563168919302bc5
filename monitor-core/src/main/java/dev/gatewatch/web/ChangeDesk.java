package dev.gatewatch.web;

import dev.gatewatch.change.Comparison;
import dev.gatewatch.view.ChangeView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes that people and pipelines mark. Called on request threads, many at once; each call is durable when it returns.
 *
 * <p>Bad input is answered with an {@link IllegalArgumentException} whose message is a sentence for the caller.
 */
public interface ChangeDesk {
    /** All that are kept, newest first. */
    List<ChangeView> changes();

    Optional<ChangeView> change(String id);

    /**
     * Marks a beginning.
     *
     * @param labels which probes it is about; all where there are none
     */
    ChangeView begin(String id, Map<String, String> labels, String by, String comment);

    /**
     * Marks an end; empty where there is no such change.
     *
     * @param watched for how long what follows is compared with what was before; where empty, for as long as is {@linkplain #enough
     *     enough}, within reason
     */
    Optional<ChangeView> end(String id, Optional<Duration> watched);

    /** After how long its probes have run often enough to be called the same; those that would take hours not counted. */
    Duration enough(ChangeView change);

    /** What became of the probes, as far as can be seen now; may take seconds. */
    Comparison compared(ChangeView change);

    /** Where nothing is watched: knows none, takes nothing. */
    ChangeDesk NONE = new ChangeDesk() {
        private static IllegalArgumentException nothing() {
            return new IllegalArgumentException("this daemon keeps no changes");
        }

        @Override
        public List<ChangeView> changes() {
            return List.of();
        }

        @Override
        public Optional<ChangeView> change(String id) {
            return Optional.empty();
        }

        @Override
        public ChangeView begin(String id, Map<String, String> labels, String by, String comment) {
            throw nothing();
        }

        @Override
        public Optional<ChangeView> end(String id, Optional<Duration> watched) {
            return Optional.empty();
        }

        @Override
        public Duration enough(ChangeView change) {
            throw nothing();
        }

        @Override
        public Comparison compared(ChangeView change) {
            throw nothing();
        }
    };
}
