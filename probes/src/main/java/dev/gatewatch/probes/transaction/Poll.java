package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a step asks again and again. Immutable.
 *
 * @param until one of these is what is waited for
 * @param failOn each of these ends the wait: what is waited for can no longer come
 * @param atMost absent where the transaction's deadline alone ends it
 */
record Poll(Duration every, List<ExpectTemplate> until, List<ExpectTemplate> failOn, Optional<Duration> atMost) {
    private static final Key<Duration> EVERY = Key.withDefault(
            "every",
            Types.duration(Duration.ofMillis(50), Duration.ofHours(1)),
            Duration.ofSeconds(1),
            "1s",
            "Pause between an answer and the next request.");
    private static final Key<List<ExpectTemplate>> UNTIL = Key.required(
            "until",
            Types.oneOrMore(ExpectTemplate.type()),
            "What the answer has to be in the end, written like expect; of several one is enough.");
    private static final Key<List<ExpectTemplate>> FAIL_ON = Key.optional(
            "fail_on",
            Types.oneOrMore(ExpectTemplate.type()),
            "Answers after which waiting makes no sense, written like expect, as json: {\"$.status\": failed}: order_stuck at once.");
    private static final Key<Duration> FOR = Key.optional(
            "for",
            Types.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "Longest time from the first request on; after it order_stuck. Left out: until the transaction's own deadline.");

    static final SectionType<Poll> TYPE = SectionType.of("poll", List.of(EVERY, UNTIL, FAIL_ON, FOR), Poll::read);

    private static Poll read(Section section) {
        return new Poll(
                section.get(EVERY),
                section.get(UNTIL),
                section.find(FAIL_ON).orElse(List.of()),
                section.find(FOR));
    }

    Stream<ExpectTemplate> expectations() {
        return Stream.concat(until.stream(), failOn.stream());
    }
}
