package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling;
import dev.gatewatch.view.Handling.Acknowledgement;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.assertj.core.api.Assertions;

/**
 * Alerts that come and go, a router that is asked each second, and what channels hear of it. Stands in for the judge: it keeps what was
 * told with each alert, and forgets an ended one once every channel knows.
 */
final class Town {
    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    /** One message: the tellings of one channel and group that were decided together. */
    record Message(Duration at, String channel, String group, String title, int firing, List<String> says) {
        @Override
        public String toString() {
            return at.toSeconds() + "s " + channel + ": " + String.join(", ", says) + " (" + firing + " firing)";
        }
    }

    Instant now = NOON;
    Duration tick = Duration.ofSeconds(1);
    Restraint restraint = Restraint.NONE;
    final List<Message> messages = new ArrayList<>();
    Decision last = new Decision(List.of(), Map.of(), Map.of(), List.of(), Instant.MAX);
    Duration slowest = Duration.ZERO;

    private Router router = (_, _) -> last;
    private List<Route> routes = List.of();
    private final Set<String> mirrors = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Map<String, Tellable> alerts = new LinkedHashMap<>();
    private final Map<String, Integer> births = new HashMap<>();

    /** What each channel holds for firing, by its own account of what it heard. */
    private final Map<String, Set<String>> heard = new HashMap<>();

    static Town of(Object... routes) {
        return new Town().routes(routes);
    }

    Town routes(Object... written) {
        var problems = new Problems();
        routes = Route.LIST
                .read(Sections.node("routes", List.of(written)), new Reading(problems, Path.of("")))
                .orElseThrow(() -> new AssertionError(problems.list()));
        Assertions.assertThat(problems.list()).extracting(Problem::toString).isEmpty();
        return restart();
    }

    Town mirror(String... channels) {
        mirrors.addAll(List.of(channels));
        return this;
    }

    /** The channel is no longer configured. */
    void remove(String channel) {
        gone.add(channel);
    }

    Town restraint(Restraint held) {
        restraint = held;
        return restart();
    }

    /** All that was in memory is forgotten. */
    Town restart() {
        router = new TreeRouter(routes, restraint, channel -> !mirrors.contains(channel) && !gone.contains(channel));
        return this;
    }

    Town fire(String probe) {
        return fire(probe, Severity.CRITICAL, Map.of());
    }

    /** An alert called {@code probe} begins to fire; the next one of this name is another alert. */
    Town fire(String probe, Severity severity, Map<String, String> labels) {
        String id = probe + "#" + births.merge(probe, 1, Integer::sum);
        var view = new AlertView(
                id,
                "f-" + probe,
                labels.getOrDefault("rule", "down"),
                new Series(labels.getOrDefault("probe", probe), "", "dc1"),
                "http",
                "https://" + probe,
                severity,
                State.FIRING,
                Cause.CONNECT_REFUSED,
                "nothing listens",
                "",
                now,
                Optional.of(now),
                Optional.empty(),
                "",
                new LinkedHashMap<>(labels),
                new LinkedHashMap<>());
        alerts.put(id, new Tellable(view, 0, new LinkedHashMap<>()));
        return this;
    }

    /** The latest alert of this name. */
    private String id(String probe) {
        return probe + "#" + births.get(probe);
    }

    AlertView view(String probe) {
        return alerts.get(id(probe)).alert();
    }

    Town heal(String probe) {
        Tellable each = alerts.get(id(probe));
        AlertView a = each.alert();
        var ended = new AlertView(
                a.id(), a.fingerprint(), a.rule(), a.series(), a.type(), a.target(), a.severity(), State.RESOLVED, a.cause(),
                a.message(), a.evidence(), a.startsAt(), a.firedAt(), Optional.of(now), "healed", a.labels(), a.annotations(),
                a.handling().heldBack(Optional.empty()));
        alerts.put(a.id(), new Tellable(ended, each.level(), each.told()));
        forget(a.id());
        return this;
    }

    Town worsen(String probe) {
        Tellable each = alerts.get(id(probe));
        alerts.put(id(probe), new Tellable(each.alert(), each.level() + 1, each.told()));
        return this;
    }

    Town acknowledge(String probe) {
        return handle(probe, view(probe).handling().acknowledged(Optional.of(new Acknowledgement("ann", now, ""))));
    }

    Town handle(String probe, Handling handling) {
        Tellable each = alerts.get(id(probe));
        alerts.put(id(probe), new Tellable(each.alert().with(handling), each.level(), each.told()));
        return this;
    }

    private void forget(String id) {
        Tellable each = alerts.get(id);
        if (each.alert().state() == State.RESOLVED && each.told().values().stream().allMatch(Told::ended)) {
            alerts.remove(id);
        }
    }

    /** The router is asked now, and again at each tick for so long. */
    Town pass(Duration time) {
        Instant end = now.plus(time);
        decide();
        while (now.isBefore(end)) {
            now = now.plus(tick);
            decide();
        }
        return this;
    }

    Town decide() {
        long start = System.nanoTime();
        last = router.decide(List.copyOf(alerts.values()), now);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
        note();
        last.told().forEach((id, told) -> {
            Tellable each = alerts.get(id);
            alerts.put(id, new Tellable(each.alert(), each.level(), told));
            forget(id);
        });
        alerts.replaceAll((id, each) -> {
            Handling handling = each.alert().handling();
            return each.alert().state() == State.RESOLVED || handling.heldBack().filter(h -> h.reason() == Handling.Reason.DEPENDENCY).isPresent()
                    ? each
                    : new Tellable(each.alert().with(handling.heldBack(Optional.ofNullable(last.heldBack().get(id)))), each.level(), each.told());
        });
        return this;
    }

    private void note() {
        SequencedMap<String, List<Telling>> grouped = new LinkedHashMap<>();
        last.tellings().forEach(t -> grouped.computeIfAbsent(t.channel() + " " + t.group().key(), _ -> new ArrayList<>()).add(t));
        for (List<Telling> message : grouped.values()) {
            Telling any = message.getFirst();
            Set<String> holds = heard.computeIfAbsent(any.channel(), _ -> new HashSet<>());
            for (Telling telling : message) {
                if (telling.kind() == Kind.RESOLVED) {
                    Assertions.assertThat(holds.remove(telling.alert().id())).as("%s is told to end after its beginning", telling).isTrue();
                } else {
                    Assertions.assertThat(holds.add(telling.alert().id()))
                            .as("%s is told as new once", telling)
                            .isEqualTo(telling.kind() == Kind.FIRING && !telling.why().equals(Why.WORSENED));
                }
            }
            messages.add(new Message(
                    Duration.between(NOON, now),
                    any.channel(),
                    any.group().key(),
                    any.group().title(),
                    any.group().firing(),
                    message.stream()
                            .map(t -> t.alert().series().probe() + " " + t.kind() + (t.why().isEmpty() ? "" : " " + t.why()))
                            .toList()));
        }
    }

    /** What the channels were told, a line a message. */
    List<String> lines() {
        return messages.stream().map(Message::toString).toList();
    }

    /** Alerts that a channel takes for firing. */
    Set<String> holds(String channel) {
        return heard.getOrDefault(channel, Set.of());
    }

    /** How many alerts the judge still has to keep. */
    int kept() {
        return alerts.size();
    }

    SequencedMap<String, Told> told(String probe) {
        return alerts.get(id(probe)).told();
    }
}
