package dev.gatewatch.web.page;

import dev.gatewatch.view.BaselineView;
import dev.gatewatch.view.BaselineView.State;
import java.time.Instant;
import java.util.Locale;

/**
 * What is usual for one quantity of a region, and whether the present is. Immutable.
 *
 * @param range the usual range now; empty while nothing is judged
 * @param standing what goes on while it is not simply ready, such as {@code took over a new level 38 % higher}; empty otherwise
 * @param at when that was, for a clock; empty where it has no time
 * @param why what is unusual, in one sentence; empty where nothing is
 * @param rare how rare that is; empty where nothing is unusual
 * @param drift how the level moved over weeks, where that is worth telling; empty otherwise
 */
public record UsualRow(
        String quantity, String state, String range, String standing, String at, String why, String rare, String drift) {
    private static final double NOTEWORTHY = 0.1;
    private static final int YEAR = 365;

    static UsualRow of(BaselineView b) {
        boolean time = !b.quantity().startsWith("fact.");
        return new UsualRow(
                Words.plain(b.quantity().replaceFirst("^(fact|phase)\\.", "")),
                b.state().code(),
                b.usual().map(u -> Words.range(u.lower(), u.upper(), time)).orElse(""),
                b.standing(),
                b.state() == State.SHIFTED ? b.shift().map(s -> s.at()).map(Instant::toString).orElse("") : "",
                b.why(),
                b.why().isEmpty() ? "" : rare(b.score()),
                b.drift().map(UsualRow::drift).orElse(""));
    }

    /** A score in words. */
    private static String rare(double score) {
        double days = Math.pow(10, score);
        return days >= YEAR
                ? "rarer than once a year"
                : days < 1.5 ? "expected about once a day" : String.format(Locale.ROOT, "expected about once in %.0f days", days);
    }

    private static String drift(double ratio) {
        return Math.abs(ratio - 1) < NOTEWORTHY
                ? ""
                : String.format(Locale.ROOT, "%.0f %% %s than weeks ago", 100 * Math.abs(ratio - 1), ratio < 1 ? "lower" : "higher");
    }
}
