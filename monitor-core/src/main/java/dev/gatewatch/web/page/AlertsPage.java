package dev.gatewatch.web.page;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeLog.Told;
import dev.gatewatch.view.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** All alerts: firing, pending, and resolved within the last day; and channels that take nothing. Immutable. */
public record AlertsPage(
        String headline,
        String search,
        String severity,
        List<String> severities,
        List<AlertCard> firing,
        List<AlertCard> pending,
        List<AlertCard> resolved,
        List<AlertCard> channels,
        String updatedAt) {
    /**
     * The page.
     *
     * @param severity a severity's code, or empty for all
     * @param told how far channels were told of them
     * @param troubles channels that take nothing, or did so until lately
     */
    public static AlertsPage of(
            Snapshot snapshot, String search, String severity, List<Told> told, List<AlertView> troubles, Instant now) {
        Map<String, List<Told>> byAlert = told.stream().collect(Collectors.groupingBy(Told::alert));
        Set<String> probes = snapshot.probes().stream().map(s -> s.series().probe()).collect(Collectors.toSet());
        List<AlertCard> cards = snapshot.alerts().stream()
                .filter(a -> severity.isEmpty() || a.severity().code().equals(severity))
                .map(a -> AlertCard.of(a, probes.contains(a.series().probe()), byAlert.getOrDefault(a.id(), List.of()), now))
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
                troubles.stream()
                        .map(a -> AlertCard.of(a, false, byAlert.getOrDefault(a.id(), List.of()), now))
                        .toList(),
                snapshot.at().toString());
    }

    private static List<AlertCard> in(List<AlertCard> cards, AlertView.State state) {
        return cards.stream().filter(c -> c.state().equals(state.code())).toList();
    }
}
