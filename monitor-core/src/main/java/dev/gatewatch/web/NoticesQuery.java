package dev.gatewatch.web;

import dev.gatewatch.view.NoticeLog;
import dev.gatewatch.view.NoticeView.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the query of {@code /api/v1/notices}. */
final class NoticesQuery {
    private NoticesQuery() {}

    /** @throws Refusal in a person's words, where a parameter is wrong */
    static NoticeLog.Query read(Map<String, List<String>> query) {
        var given = new Parameters(query, "channel", "alert", "state", "before", "limit");
        return new NoticeLog.Query(
                given.find("channel"),
                given.find("alert"),
                states(given.text("state")),
                before(given.text("before")),
                given.limit(ResultsQuery.DEFAULT_LIMIT, ResultsQuery.MOST));
    }

    private static Set<State> states(String text) {
        if (text.isEmpty()) {
            return Set.of(State.values());
        }
        return Arrays.stream(State.values())
                .filter(state -> state.code().equals(text))
                .findFirst()
                .map(Set::of)
                .orElseThrow(() -> Parameters.wrong(
                        "state should be " + Arrays.stream(State.values()).map(State::code).collect(Collectors.joining(", ")), text));
    }

    private static long before(String text) {
        try {
            return text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw Parameters.wrong("before should be the number of a notice", text);
        }
    }
}
