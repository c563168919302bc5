package dev.gatewatch.web.page;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Snapshot;
import java.time.Instant;
import java.util.List;

/** All alerts: firing, pending, and resolved within the last day. Immutable. */
public record AlertsPage(
        String headline,
        String search,
        String severity,
        List<String> severities,
        List<AlertCard> firing,
        List<AlertCard> pending,
        List<AlertCard> resolved,
        String updatedAt) {
    /** @param severity a severity's code, or empty for all */
    public static AlertsPage of(Snapshot snapshot, String search, String severity, Instant now) {
        List<AlertCard> cards = snapshot.alerts().stream()
                .filter(a -> severity.isEmpty() || a.severity().code().equals(severity))
                .map(a -> AlertCard.of(a, now))
                .filter(a -> search.isBlank() || a.matches(search.strip()))
                .toList();
        List<AlertCard> firing = in(cards, AlertView.State.FIRING);
        List<AlertCard> pending = in(cards, AlertView.State.PENDING);
        List<AlertCard> resolved = in(cards, AlertView.State.RESOLVED);
        return new AlertsPage(
                firing.size() + " firing, " + pending.size() + " pending, " + resolved.size() + " resolved in the last 24 hours",
                search,
                severity,
                List.of("critical", "warning", "info"),
                firing,
                pending,
                resolved,
                snapshot.at().toString());
    }

    private static List<AlertCard> in(List<AlertCard> cards, AlertView.State state) {
        return cards.stream().filter(c -> c.state().equals(state.code())).toList();
    }
}
