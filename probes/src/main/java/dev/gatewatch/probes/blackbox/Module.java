package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Node;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One module of a {@code blackbox.yml}. Immutable.
 *
 * @param prober as written; {@link #translation} is absent where there is no such prober
 * @param written the module as it stands in the file
 */
public record Module(
        String name, String prober, Optional<Duration> timeout, Optional<Translation> translation, Node.Fields written) {

    /** A target that a module cannot go to; the message is for whoever sent the request. */
    public static final class BadTarget extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean refused;

        private BadTarget(String message, boolean refused) {
            super(message, null, false, false);
            this.refused = refused;
        }

        /** The request contradicts the module. */
        static BadTarget refused(String message) {
            return new BadTarget(message, true);
        }

        /** Nothing can be reached by it: a run of it fails. */
        static BadTarget unreachable(String message) {
            return new BadTarget(message, false);
        }

        /** Whether the request is to be refused; otherwise its run fails. */
        public boolean isRefused() {
            return refused;
        }
    }

    /** How a target and the {@code hostname} parameter become keys of a probe. Safe for many threads. */
    @FunctionalInterface
    interface Aim {
        /**
         * Adds the target.
         *
         * @throws BadTarget when the module cannot go there
         */
        void at(String target, Optional<String> hostname, SequencedMap<String, Object> keys) throws BadTarget;
    }

    /**
     * A module as a probe of ours. Immutable.
     *
     * @param type of the probe
     * @param keys of the probe without its target, with values as {@link dev.gatewatch.config.Nodes} takes them
     */
    public record Translation(String type, SequencedMap<String, Object> keys, Aim aim) {
        public Translation {
            keys = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(keys));
        }

        /**
         * The keys of the probe for one target.
         *
         * @param hostname the request's parameter of this name
         */
        public SequencedMap<String, Object> at(String target, Optional<String> hostname) throws BadTarget {
            var aimed = new LinkedHashMap<>(keys);
            aim.at(target, hostname, aimed);
            return aimed;
        }
    }
}
