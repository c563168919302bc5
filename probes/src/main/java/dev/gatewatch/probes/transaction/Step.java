package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Node;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * One step of a transaction. Immutable.
 *
 * @param always whether it is done also after a failure
 * @param timeout absent where only the transaction's deadline bounds it
 * @param generate variables made anew each time the step is done
 * @param sign variables computed from others, or from the request itself
 * @param capture variables taken from what came
 * @param at where it stands, for problems
 */
record Step(
        String name,
        boolean always,
        Duration delay,
        Optional<Duration> timeout,
        SequencedMap<String, Generator> generate,
        SequencedMap<String, Signature> sign,
        Action action,
        SequencedMap<String, Capture> capture,
        Node at) {
    Step {
        generate = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(generate));
        sign = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sign));
        capture = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(capture));
    }

    /** Whether a request must be refused. */
    enum Refusal {
        NO,
        /** With any status of the client's fault. */
        ANY,
        /** With the status that is expected. */
        AS_EXPECTED
    }

    /** What a step does. */
    sealed interface Action {
        /**
         * Asks the target.
         *
         * @param refusal whether the target must refuse it
         * @param learnt whether a peer chose the URL's origin
         */
        record Ask(
                RequestTemplate request, ExpectTemplate expect, Refusal refusal, boolean learnt, Optional<Poll> poll)
                implements Action {}

        /** Waits for the target to call. */
        record Await(CallbackWait callback) implements Action {}
    }

    /** The templates of what is expected. */
    Stream<Template> expected() {
        Stream<ExpectTemplate> all =
                switch (action) {
                    case Action.Ask ask ->
                        Stream.concat(Stream.of(ask.expect()), ask.poll().stream().flatMap(Poll::expectations));
                    case Action.Await(CallbackWait callback) -> callback.expectations();
                };
        return all.flatMap(e -> e.all().stream());
    }

    /** Signatures that need nothing of the request. */
    List<String> earlySigns() {
        return sign.keySet().stream().filter(n -> !isOverRequest(n)).toList();
    }

    /** Signatures over the request, for its headers. */
    List<String> lateSigns() {
        return sign.keySet().stream().filter(this::isOverRequest).toList();
    }

    private boolean isOverRequest(String name) {
        Signature signature = sign.get(name);
        return signature != null && signature.isOverRequest();
    }
}
