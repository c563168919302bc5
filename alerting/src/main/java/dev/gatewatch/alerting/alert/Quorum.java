package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Moment;
import dev.gatewatch.alerting.alert.AlertMachine.Step;
import dev.gatewatch.alerting.alert.AlertMachine.Timing;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.Verdict;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.Handling;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One rule on all regions of a probe that is said aloud only when enough of them are in trouble: then there is one alert of the probe as a
 * whole, as loud as the rule says, that names them. Each region's own alert is a degree quieter. Depends on the regions' alerts alone.
 * Confined to the evaluator's thread.
 */
final class Quorum extends Keeper {
    private static final Timing AT_ONCE = new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final Rule rule;
    private final List<Watch> members;
    private final int needed;
    private final Series series;

    private Quorum(Rule rule, List<Watch> members) {
        this.rule = rule;
        this.members = List.copyOf(members);
        this.needed = Math.min(rule.regions(), members.size());
        Series first = members.getFirst().series.spec.series();
        this.series = new Series(first.probe(), "", first.location());
    }

    /** One for each rule of these regions that asks for more than one; a probe without that many regions is in trouble when all are. */
    static List<Quorum> among(List<WatchedSeries> regions) {
        var quorums = new ArrayList<Quorum>();
        regions.stream()
                .flatMap(region -> region.watches.stream())
                .filter(watch -> watch.rule.regions() > 1)
                .collect(Collectors.groupingBy(watch -> watch.rule.name()))
                .values()
                .stream()
                .filter(members -> members.size() > 1)
                .forEach(members -> {
                    var quorum = new Quorum(members.getFirst().rule, members);
                    members.forEach(member -> member.quorum(quorum));
                    quorums.add(quorum);
                });
        return quorums;
    }

    /** How loud one region alone is. */
    static Severity quieter(Severity severity) {
        return severity == Severity.CRITICAL ? Severity.WARNING : Severity.INFO;
    }

    List<Watch> members() {
        return members;
    }

    String fingerprint() {
        return Alert.fingerprint(rule.name(), series);
    }

    /** Where its alert goes now that the regions stand as they do; the times are those of their alerts, whenever this is asked. */
    Step step(Instant seen) {
        List<Alert> firing = firing();
        Optional<Episode> open = alert().map(Alert::episode);
        if (firing.size() >= needed) {
            Instant since = nth(firing.stream().map(a -> a.episode().startsAt()));
            Instant at = nth(firing.stream().map(a -> a.episode().firedAt().orElse(a.episode().startsAt())));
            Alert.Text text = text(firing);
            var verdict = new Verdict.Holds(since, text.cause(), "", text.message(), text.evidence(), 0);
            return AlertMachine.judge(open, past().notBefore(), verdict, AT_ONCE, new Moment(at, at));
        }
        // the end after which there were not enough
        Instant ended = members.stream()
                .map(member -> member.past().notBefore())
                .sorted(Comparator.reverseOrder())
                .skip(needed - firing.size() - 1L)
                .findFirst()
                .orElse(Instant.MIN);
        // where no region's alert has ended, there are other regions now
        Instant at = open.filter(episode -> ended.isBefore(episode.startsAt())).isPresent() ? seen : ended;
        return AlertMachine.judge(open, past().notBefore(), new Verdict.Clear(""), AT_ONCE, new Moment(at, at));
    }

    /** When the last one came in that makes it enough. */
    private Instant nth(java.util.stream.Stream<Instant> times) {
        return times.sorted().skip(needed - 1L).findFirst().orElseThrow();
    }

    private List<Alert> firing() {
        return members.stream()
                .flatMap(member -> member.alert().stream())
                .filter(Alert::firing)
                .sorted(Comparator.comparing((Alert a) -> a.episode().startsAt())
                        .thenComparing(a -> a.view().series().region()))
                .toList();
    }

    /** What to say while enough regions are in trouble. */
    Optional<Alert.Text> text() {
        List<Alert> firing = firing();
        return firing.size() < needed ? Optional.empty() : Optional.of(text(firing));
    }

    private Alert.Text text(List<Alert> firing) {
        String said = firing.stream()
                .map(a -> a.view().series().region() + " (" + a.view().message() + ")")
                .collect(Collectors.joining(", "));
        Alert first = firing.getFirst();
        return new Alert.Text(
                first.view().cause(),
                firing.size() + " of " + members.size() + " regions are in trouble: " + said,
                first.view().evidence());
    }

    /** Nobody is told where nobody is told of any region. */
    Optional<HeldBack> heldBack() {
        List<Alert> firing = firing();
        List<HeldBack> held = firing.stream()
                .flatMap(a -> a.view().handling().heldBack().stream())
                .filter(by -> by.reason() == Reason.DEPENDENCY)
                .toList();
        return !held.isEmpty() && held.size() == firing.size() ? Optional.of(held.getFirst()) : Optional.empty();
    }

    @Override
    Alert begin(Episode episode, Alert.Text text) {
        String incident = past().incident(episode.startsAt());
        String joined = incident.isEmpty() ? firing().getFirst().incident() : incident;
        WatchedSeries first = members.getFirst().series;
        return Alert.begin(
                rule,
                rule.severity(),
                first.spec,
                series,
                episode,
                text,
                new Handling(joined, Optional.empty(), Optional.empty(), false, first.dependents))
                .filled(rule, first.spec, String.valueOf(firing().size()), first.window.last())
                .annotated(change().map(id -> Map.of("change", id)).orElse(Map.of()));
    }

    /** What the regions' trouble may come from: the change that is named by the first of them that has one. */
    private Optional<String> change() {
        return members.stream()
                .filter(member -> member.alert().filter(Alert::firing).isPresent())
                .flatMap(member -> member.nearby.stream())
                .map(ChangesNearby.Nearby::id)
                .findFirst();
    }

    /** The regions' alerts are calmed already. */
    @Override
    boolean calmsFlapping() {
        return false;
    }
}
