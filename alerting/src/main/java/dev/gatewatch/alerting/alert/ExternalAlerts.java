package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Change;
import dev.gatewatch.alerting.alert.AlertMachine.Kind;
import dev.gatewatch.alerting.alert.AlertMachine.Step;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The alerts of other monitors, as far as they are not our own come back: those that an Alertmanager which we tell ourselves sends to us
 * are left out, lest an alert keeps itself alive. Confined to the evaluator's thread.
 */
final class ExternalAlerts {
    /** How often those are looked for that nobody tells of any more. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private final List<String> rules;
    private final Map<String, List<String>> locations;
    private final Map<String, ExternalAlert> keepers = new HashMap<>();

    private Map<String, InboundAlert> seen = Map.of();
    private Instant lookAt = Instant.MIN;

    /** A step of one of them. */
    record Seen(ExternalAlert keeper, Step step, Optional<Alert.Text> text) {}

    ExternalAlerts(List<Rule> rules, Plan plan) {
        this.rules = rules.stream().map(Rule::name).toList();
        this.locations = plan.probes().keySet().stream()
                .collect(Collectors.groupingBy(
                        series -> series.probe(), Collectors.mapping(series -> series.location(), Collectors.toList())));
    }

    static boolean is(Alert alert) {
        return alert.view().type().equals(AlertView.EXTERNAL);
    }

    /** Who keeps an alert of this fingerprint. */
    ExternalAlert keeper(String fingerprint) {
        return keepers.computeIfAbsent(fingerprint, ExternalAlert::new);
    }

    /**
     * What there is to do, now that other monitors tell this.
     *
     * @param open all open alerts, asked for where one begins
     */
    List<Seen> look(Map<String, InboundAlert> told, Supplier<List<Alert>> open, Instant now) {
        boolean due = !now.isBefore(lookAt) || now.plus(LOOK_EVERY).isBefore(lookAt);
        if (told.equals(seen) && !due) {
            return List.of();
        }
        seen = told;
        lookAt = now.plus(LOOK_EVERY);
        keepers.values().removeIf(keeper -> keeper.alert().isEmpty() && keeper.isForgotten(now));
        var steps = new ArrayList<Seen>();
        var reported = new HashMap<String, InboundAlert>();
        told.values().stream().filter(alert -> !isOurs(alert)).forEach(alert -> reported.put(ExternalAlert.fingerprint(alert), alert.at(now)));
        Incidents incidents = null;
        for (Map.Entry<String, InboundAlert> each : reported.entrySet()) {
            InboundAlert alert = each.getValue();
            ExternalAlert keeper = keepers.get(each.getKey());
            if (alert.endsAt().isPresent()) {
                if (keeper != null) {
                    keeper.alert().ifPresent(a -> steps.add(over(keeper, a, alert.endsAt().get(), alert.endReason())));
                }
            } else if (keeper != null && keeper.alert().isPresent()) {
                keeper.tells(alert, "");
                steps.add(new Seen(
                        keeper, new Step(keeper.alert().map(Alert::episode), List.of()), Optional.of(ExternalAlert.text(alert))));
            } else {
                incidents = incidents == null ? new Incidents(open.get()) : incidents;
                steps.add(begun(keeper(each.getKey()), alert, incidents, now));
            }
        }
        // what is not even known any more
        keepers.forEach((fingerprint, keeper) -> {
            if (!reported.containsKey(fingerprint)) {
                keeper.alert().ifPresent(a -> steps.add(over(keeper, a, now, InboundAlert.NO_LONGER_REPORTED)));
            }
        });
        return steps;
    }

    private static Seen begun(ExternalAlert keeper, InboundAlert alert, Incidents incidents, Instant now) {
        keeper.tells(alert, incidents.of(alert));
        // never with the start of one that has ended: it is another alert
        Instant earliest = keeper.past().notBefore();
        Instant since = alert.startsAt().isBefore(earliest) ? earliest : alert.startsAt();
        Instant start = since.isAfter(now) ? now : since;
        Episode fired = Episode.pending(start, start, 0).fired(now);
        return new Seen(
                keeper,
                new Step(Optional.of(fired), List.of(new Change(Kind.FIRED, fired))),
                Optional.of(ExternalAlert.text(alert)));
    }

    private static Seen over(ExternalAlert keeper, Alert alert, Instant at, String reason) {
        Episode resolved = alert.episode().resolved(at, reason);
        return new Seen(keeper, new Step(Optional.empty(), List.of(new Change(Kind.RESOLVED, resolved))), Optional.empty());
    }

    private boolean isOurs(InboundAlert alert) {
        String rule = alert.label("alertname");
        String probe = alert.label("probe");
        return alert.label("type").equals(AlertView.EXTERNAL)
                || (rule.equals(OwnNetwork.RULE) && probe.equals(OwnNetwork.PROBE))
                || (rules.contains(rule) && locations.getOrDefault(probe, List.of()).contains(alert.label("location")));
    }

    /** The incidents of our own open alerts, by what they are about. */
    private static final class Incidents {
        private final Map<String, String> byProbe = new HashMap<>();
        private final Map<String, String> byHost = new HashMap<>();

        Incidents(List<Alert> open) {
            for (Alert alert : open) {
                if (alert.episode().state() == State.FIRING && !is(alert)) {
                    byProbe.putIfAbsent(alert.view().series().probe(), alert.incident());
                    ExternalAlert.host(alert.view().target()).ifPresent(host -> byHost.putIfAbsent(host, alert.incident()));
                }
            }
        }

        /** Empty where it has nothing to do with any of ours. */
        String of(InboundAlert alert) {
            String probe = byProbe.get(ExternalAlert.series(alert).probe());
            return probe != null
                    ? probe
                    : ExternalAlert.host(alert.label("instance")).map(byHost::get).orElse("");
        }
    }
}
