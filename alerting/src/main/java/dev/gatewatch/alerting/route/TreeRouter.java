package dev.gatewatch.alerting.route;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * Routes by a tree. What it needs to know of the past is in what channels were told, so it survives restarts without a state of its own.
 * Immutable; safe for many threads.
 */
public final class TreeRouter implements Router {
    private final List<Route> routes;
    private final Restraint restraint;
    private final Predicate<String> messenger;

    /**
     * A router.
     *
     * @param messenger whether a channel takes single notices; others are mirrors, which are shown everything at once
     */
    public TreeRouter(List<Route> routes, Restraint restraint, Predicate<String> messenger) {
        this.routes = List.copyOf(routes);
        this.restraint = restraint;
        this.messenger = messenger;
    }

    @Override
    public Decision decide(Collection<Tellable> alerts, Instant now) {
        return new Deciding(now).all(alerts);
    }

    /** One decision in the making. */
    private final class Deciding {
        private final Instant now;
        private final Groups groups;
        private final Map<String, HeldBack> heldBack = new HashMap<>();
        private final Map<String, SequencedMap<String, Told>> told = new HashMap<>();
        private final List<String> unrouted = new ArrayList<>();
        private final List<Telling> tellings = new ArrayList<>();
        private Instant next = Instant.MAX;

        Deciding(Instant now) {
            this.now = now;
            this.groups = new Groups(now);
        }

        Decision all(Collection<Tellable> alerts) {
            for (Tellable each : alerts) {
                each.told().forEach((channel, known) -> {
                    if (messenger.test(channel)) {
                        groups.known(channel, each, known);
                    }
                });
            }
            alerts.forEach(each -> {
                if (each.alert().state() == State.RESOLVED) {
                    ended(each);
                } else {
                    firing(each);
                }
            });
            groups.all().forEach(this::tell);
            return new Decision(tellings, told, heldBack, unrouted, next);
        }

        private void firing(Tellable each) {
            AlertView alert = each.alert();
            Optional<HeldBack> held =
                    alert.handling().heldBack().filter(Deciding::isOurs).or(() -> restraint.on(alert, now));
            held.ifPresent(why -> heldBack.put(alert.id(), why));
            boolean acknowledged = alert.handling().acknowledged().isPresent();
            List<Route.Leaf> leaves = Route.leaves(routes, alert);
            if (leaves.isEmpty()) {
                unrouted.add(alert.id());
            }
            for (Route.Leaf leaf : leaves) {
                leaf.route().channels().forEach(channel -> consider(each, channel, leaf, "", held.isPresent(), acknowledged));
                for (Escalation step : leaf.route().escalation()) {
                    Instant due = alert.firedAt().orElse(alert.startsAt()).plus(step.after());
                    boolean known = step.channels().stream().anyMatch(c -> each.told().containsKey(c));
                    if (!known && (acknowledged || now.isBefore(due))) {
                        at(acknowledged ? Instant.MAX : due);
                        continue;
                    }
                    step.channels().forEach(channel -> consider(
                            each, channel, leaf, Why.unacknowledgedFor(step.after()), held.isPresent(), acknowledged));
                }
            }
        }

        /** What people hold back is asked for anew each time. */
        private static boolean isOurs(HeldBack held) {
            return held.reason() == Reason.DEPENDENCY || held.reason() == Reason.OWN_NETWORK;
        }

        private void consider(
                Tellable each, String channel, Route.Leaf leaf, String why, boolean held, boolean acknowledged) {
            Told known = each.told().get(channel);
            if (!messenger.test(channel)) {
                if (known == null && !held) {
                    put(each, channel, new Told("", 0, now, now, false));
                }
                return;
            }
            if (held) {
                return;
            }
            if (known == null) {
                groups.join(channel, each, leaf, why);
            } else if (each.level() > known.level()) {
                groups.worse(channel, each, known);
            } else {
                groups.remind(channel, each, known, leaf.grouping(), acknowledged);
            }
        }

        private void ended(Tellable each) {
            each.told().forEach((channel, known) -> {
                if (known.ended()) {
                    return;
                }
                if (messenger.test(channel)) {
                    groups.ended(channel, each, known, grouping(each.alert(), channel));
                } else {
                    put(each, channel, new Told(known.group(), known.level(), known.firstAt(), now, true));
                }
            });
        }

        private Grouping grouping(AlertView alert, String channel) {
            return Route.leaves(routes, alert).stream()
                    .filter(leaf -> leaf.route().reaches(channel))
                    .map(Route.Leaf::grouping)
                    .findFirst()
                    .orElse(Grouping.DEFAULT);
        }

        private void tell(Group group) {
            Group.Due due = group.due(now);
            at(due.next());
            if (due.tellings().isEmpty()) {
                return;
            }
            for (Group.Item item : due.tellings()) {
                boolean ends = item.kind() == dev.gatewatch.alerting.channel.Notice.Kind.RESOLVED;
                Told before = item.each().told().get(group.channel());
                put(
                        item.each(),
                        group.channel(),
                        new Told(
                                group.key(),
                                item.each().level(),
                                before == null ? now : before.firstAt(),
                                now,
                                ends));
                tellings.add(new Telling(
                        group.channel(), item.kind(), item.each().alert(), due.group(), item.why()));
            }
            at(now.plusMillis(1));
        }

        private void put(Tellable each, String channel, Told knows) {
            told.computeIfAbsent(each.alert().id(), _ -> new LinkedHashMap<>(each.told())).put(channel, knows);
        }

        private void at(Instant time) {
            if (time.isBefore(next)) {
                next = time;
            }
        }
    }
}
