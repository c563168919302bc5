package dev.gatewatch.web.page;

import dev.gatewatch.view.MaintenanceView;
import dev.gatewatch.view.SilenceView;
import dev.gatewatch.view.SilenceView.State;
import java.time.Instant;
import java.util.List;

/** Silences and maintenance windows. Immutable. */
public record SilencesPage(String headline, List<Row> rows, List<Window> windows) {
    /**
     * A silence as the page shows it.
     *
     * @param startsAt when it begins; empty where it has begun
     */
    public record Row(String id, String matchers, String state, String by, String comment, String startsAt, String endsAt, boolean open) {}

    /**
     * A maintenance window as the page shows it.
     *
     * @param until when it closes; empty while it is not open
     * @param next when it opens; empty where it does not any more
     */
    public record Window(String name, String what, String when, String until, String next) {}

    public static SilencesPage of(List<SilenceView> silences, List<MaintenanceView> windows, Instant now) {
        long active = silences.stream().filter(s -> s.state(now) == State.ACTIVE).count();
        long open = windows.stream().filter(w -> w.until().isPresent()).count();
        return new SilencesPage(
                active + " in force; " + open + (open == 1 ? " maintenance window is open" : " maintenance windows are open"),
                silences.stream()
                        .map(s -> new Row(
                                s.id(),
                                String.join("  ", s.matchers()),
                                s.state(now).code(),
                                s.by(),
                                s.comment(),
                                s.state(now) == State.PENDING ? s.startsAt().toString() : "",
                                s.endsAt().toString(),
                                s.state(now) != State.EXPIRED))
                        .toList(),
                windows.stream()
                        .map(w -> new Window(
                                w.name(),
                                w.what(),
                                w.when(),
                                w.until().map(Instant::toString).orElse(""),
                                w.next().map(Instant::toString).orElse("")))
                        .toList());
    }
}
