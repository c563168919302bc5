package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A step that waits for the target to call back. Immutable.
 *
 * @param name empty for the only one of a transaction
 * @param match which callbacks are meant; any where absent
 */
record CallbackWait(
        String name, Duration atMost, Optional<Duration> lateAfter, Optional<ExpectTemplate> match, ExpectTemplate expect) {
    /** The variable that holds the URL of the callback without a name. */
    static final String URL = "callback_url";

    /** What of an expectation makes sense for a request. */
    private static final Set<String> OF_CALLBACK = Set.of("headers", "body", "body_size", "json", "cel");
    private static final Key<String> NAME = Key.optional(
            "name",
            Types.text("a word (letters, digits, '_')", "[A-Za-z0-9_]{1,40}"),
            "Tells several callbacks of a transaction apart: the URL of this one is $(callback_url.NAME). Without a name $(callback_url).");
    private static final Key<Duration> WAIT = Key.withDefault(
            "wait",
            Types.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            Duration.ofSeconds(10),
            "10s",
            "Longest wait from the begin of this step; one that came before is taken at once. After it callback_missing.");
    private static final Key<Duration> LATE_AFTER = Key.optional(
            "late_after",
            Types.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "From when on it counts as late, counted from the request that gave the URL away: degraded, callback_late.");
    private static final Key<ExpectTemplate> MATCH = Key.optional(
            "match",
            ExpectTemplate.reading(OF_CALLBACK),
            "Which callbacks are meant (json, headers, body); others are left to other steps. Left out: the first that came.");
    private static final Key<ExpectTemplate> EXPECT = Key.withDefault(
            "expect",
            ExpectTemplate.reading(OF_CALLBACK),
            ExpectTemplate.DEFAULT,
            "anything",
            "What the callback must be: json, headers and body, as in an answer.");

    static final SectionType<CallbackWait> TYPE = SectionType.of(
            "callback", List.of(NAME, WAIT, LATE_AFTER, MATCH, EXPECT), CallbackWait::read);

    private static CallbackWait read(Section section) {
        return new CallbackWait(
                section.find(NAME).orElse(""),
                section.get(WAIT),
                section.find(LATE_AFTER),
                section.find(MATCH),
                section.get(EXPECT));
    }

    /** The variable that holds its URL. */
    String variable() {
        return variable(name);
    }

    static String variable(String name) {
        return name.isEmpty() ? URL : URL + "." + name;
    }

    Stream<ExpectTemplate> expectations() {
        return Stream.concat(match.stream(), Stream.of(expect));
    }
}
