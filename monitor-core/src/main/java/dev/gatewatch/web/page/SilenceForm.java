package dev.gatewatch.web.page;

import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The form that makes a silence. Immutable.
 *
 * @param matchers as given, and empty ones to fill in
 * @param problem why it cannot be made as it stands, in a person's words; empty where nothing is known against it
 * @param ends when it would end; empty where that is not known
 * @param covered the open alerts that it would silence
 * @param open how many alerts are open at all
 * @param asked whether there is something to look at: matchers that make sense
 */
public record SilenceForm(
        List<String> matchers,
        List<String> durations,
        String duration,
        String by,
        String comment,
        String problem,
        String ends,
        List<AlertCard> covered,
        int open,
        boolean asked) {
    /** The choices for how long. */
    public static final List<String> DURATIONS = List.of("30m", "1h", "2h", "4h", "8h", "1d", "3d", "7d");

    /** What a person has filled in so far. */
    public record Given(List<String> matchers, String duration, String by, String comment) {
        public Given {
            matchers = List.copyOf(matchers);
        }
    }

    /** What came of looking at it. */
    public sealed interface Look {
        /** Nothing has been filled in yet. */
        record Empty() implements Look {}

        /** It can be made, and would cover these of the open alerts. */
        record Good(List<AlertView> covered, Instant ends) implements Look {}

        /** It cannot be made. */
        record Bad(String problem) implements Look {}
    }

    public static SilenceForm of(Given given, Look look, int open, Instant now) {
        var matchers = new ArrayList<>(given.matchers());
        matchers.add("");
        if (given.matchers().isEmpty()) {
            matchers.add("");
        }
        var durations = new ArrayList<>(DURATIONS);
        if (!durations.contains(given.duration())) {
            durations.add(given.duration());
        }
        Optional<Look.Good> good = look instanceof Look.Good g ? Optional.of(g) : Optional.empty();
        return new SilenceForm(
                List.copyOf(matchers),
                List.copyOf(durations),
                given.duration(),
                given.by(),
                given.comment(),
                look instanceof Look.Bad bad ? bad.problem() : "",
                good.map(g -> g.ends().toString()).orElse(""),
                good.map(g -> g.covered().stream().map(a -> AlertCard.of(a, now)).toList()).orElse(List.of()),
                open,
                good.isPresent());
    }
}
