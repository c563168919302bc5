package dev.gatewatch.web;

import dev.gatewatch.config.Durations;
import dev.gatewatch.store.Journal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code /api/v1/results} was asked for. Immutable.
 *
 * @param brief whether evidence and facts may be left out, as charts wish
 */
record ResultsQuery(Journal.Query query, boolean brief) {
    static final int DEFAULT_LIMIT = 100;
    static final int MOST = 10_000;

    /** The end of what four digits of a year can say; a store need not bear more. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Duration DEFAULT_SINCE = Duration.ofDays(1);

    /** @throws Refusal 400 with what is wrong in a person's words */
    static ResultsQuery read(Map<String, List<String>> parameters, Instant now) {
        var given = new Parameters(parameters, "probe", "region", "since", "limit", "brief");
        var query = new Journal.Query(
                given.text("probe"),
                given.find("region").orElse(null),
                since(given.text("since"), now),
                given.limit(DEFAULT_LIMIT, MOST));
        return new ResultsQuery(query, given.flag("brief"));
    }

    /** @throws Refusal 400 where this is no time */
    static Instant since(String text, Instant now) {
        if (text.isEmpty()) {
            return now.minus(DEFAULT_SINCE);
        }
        Instant since = time(text).or(() -> Durations.parse(text).map(now::minus)).filter(t -> t.isBefore(LATEST))
                .orElseThrow(() -> Parameters.wrong(
                        "since should be a time as 2026-01-31T12:00:00Z, or how long ago as 15m or 2d", text));
        return since.isBefore(Instant.EPOCH) ? Instant.EPOCH : since;
    }

    private static Optional<Instant> time(String text) {
        try {
            // a '+' of the offset that was not encoded as %2B arrives as a space
            return Optional.of(OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
