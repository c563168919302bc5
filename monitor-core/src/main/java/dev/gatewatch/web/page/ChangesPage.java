package dev.gatewatch.web.page;

import dev.gatewatch.view.ChangeView;
import dev.gatewatch.view.ChangeView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** All changes. Immutable. */
public record ChangesPage(String headline, List<Row> rows) {
    /** How many are shown. */
    private static final int MOST = 200;

    /**
     * A change as the page shows it.
     *
     * @param verdict empty where it is not known yet
     * @param tone of the verdict, as a state's colour
     */
    public record Row(
            String id, String state, String verdict, String tone, String about, String by, String comment, String beganAt, String took) {}

    public static ChangesPage of(List<ChangeView> changes, Instant now) {
        long going = changes.stream().filter(c -> c.endedAt().isEmpty()).count();
        return new ChangesPage(
                Words.count(changes.size(), "change") + ", " + (going == 0 ? "none goes on" : going == 1 ? "1 goes on" : going + " go on"),
                changes.stream().limit(MOST).map(c -> row(c, now)).toList());
    }

    private static Row row(ChangeView c, Instant now) {
        return new Row(
                c.id(),
                state(c, now),
                Words.plain(c.verdict()),
                tone(c.verdict()),
                about(c),
                c.by(),
                c.comment(),
                c.beganAt().toString(),
                Words.span(Duration.between(c.beganAt(), c.endedAt().orElse(now))));
    }

    static String state(ChangeView change, Instant now) {
        State state = change.state(now);
        return state == State.GOING_ON ? "goes on" : Words.plain(state.code());
    }

    static String about(ChangeView change) {
        return change.labels().isEmpty()
                ? "all probes"
                : change.labels().entrySet().stream().map(l -> l.getKey() + "=" + l.getValue()).collect(Collectors.joining(" "));
    }

    static String tone(String verdict) {
        return switch (verdict) {
            case "better", "same" -> "pass";
            case "worse" -> "fail";
            default -> "waiting";
        };
    }
}
