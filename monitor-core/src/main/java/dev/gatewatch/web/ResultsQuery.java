package dev.gatewatch.web;

import dev.gatewatch.config.Durations;
import dev.gatewatch.store.Journal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /api/v1/results} was asked for. Immutable.
 *
 * @param brief whether evidence and facts may be left out, as charts wish
 */
record ResultsQuery(Journal.Query query, boolean brief) {
    static final int DEFAULT_LIMIT = 100;
    static final int MOST = 10_000;

    private static final Duration DEFAULT_SINCE = Duration.ofDays(1);
    private static final Set<String> KNOWN = Set.of("probe", "region", "since", "limit", "brief");

    /** @throws Refusal 400 with what is wrong in a person's words */
    static ResultsQuery read(Map<String, List<String>> parameters, Instant now) {
        for (Map.Entry<String, List<String>> p : parameters.entrySet()) {
            if (!KNOWN.contains(p.getKey())) {
                throw new Refusal(
                        400,
                        "unknown parameter \"" + shown(p.getKey()) + "\"; known here: "
                                + String.join(", ", new TreeSet<>(KNOWN)));
            }
            if (p.getValue().size() > 1) {
                throw new Refusal(400, "parameter \"" + p.getKey() + "\" was given twice");
            }
        }
        var query = new Journal.Query(
                orEmpty(one(parameters, "probe")),
                one(parameters, "region"),
                since(one(parameters, "since"), now),
                limit(one(parameters, "limit")));
        return new ResultsQuery(query, flag("brief", one(parameters, "brief")));
    }

    private static Instant since(@Nullable String text, Instant now) {
        if (text == null || text.isEmpty()) {
            return now.minus(DEFAULT_SINCE);
        }
        try {
            // a '+' of the offset that was not encoded as %2B arrives as a space
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException _) {
            try {
                return Durations.parse(text).map(now::minus).orElseThrow();
            } catch (DateTimeException | ArithmeticException | java.util.NoSuchElementException _) {
                throw new Refusal(
                        400,
                        "since should be a time as 2026-01-31T12:00:00Z, or how long ago as 15m or 2d; found \"" + shown(text)
                                + "\"");
            }
        }
    }

    private static int limit(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new Refusal(400, "limit should be a whole number from 1 to " + MOST + "; found \"" + shown(text) + "\"");
    }

    private static boolean flag(String name, @Nullable String text) {
        return switch (orEmpty(text)) {
            case "true" -> true;
            case "", "false" -> false;
            default -> throw new Refusal(400, name + " should be true or false; found \"" + shown(orEmpty(text)) + "\"");
        };
    }

    private static @Nullable String one(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
