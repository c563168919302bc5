package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.route.RouteTree.Leaf;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Routes by a tree. What it needs to know of the past is in what channels were told, so it survives restarts without a state of its own.
 * Immutable; safe for many threads.
 */
public final class TreeRouter implements Router {
    private static final Comparator<Tellable> OLDEST_FIRST = Comparator.comparing((Tellable each) -> Times.fired(each.alert()))
            .thenComparing(each -> each.alert().id());

    private final RouteTree routes;
    private final Restraint restraint;
    private final Predicate<String> messenger;

    /**
     * A router.
     *
     * @param restraint what people hold back: silences, maintenance
     * @param messenger whether a channel takes single notices; others are mirrors, which are shown everything at once
     */
    public TreeRouter(List<Route> routes, Restraint restraint, Predicate<String> messenger) {
        this.routes = new RouteTree(routes);
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
        private final SequencedMap<String, ChannelGroups> channels = new LinkedHashMap<>();
        private final Map<String, HeldBack> heldBack = new HashMap<>();
        private final Map<String, SequencedMap<String, Told>> told = new HashMap<>();
        private final List<String> unrouted = new ArrayList<>();
        private final List<Telling> tellings = new ArrayList<>();
        private Instant next = Instant.MAX;

        Deciding(Instant now) {
            this.now = now;
        }

        Decision all(Collection<Tellable> alerts) {
            List<Tellable> sorted = alerts.stream().sorted(OLDEST_FIRST).toList();
            sorted.forEach(this::recall);
            for (Tellable each : sorted) {
                if (each.alert().state() == State.RESOLVED) {
                    ended(each);
                } else {
                    firing(each);
                }
            }
            channels.values().forEach(groups -> {
                groups.place();
                groups.all().forEach(group -> tell(groups, group));
            });
            return new Decision(tellings, told, heldBack, unrouted, next);
        }

        private void recall(Tellable each) {
            each.told().forEach((channel, known) -> {
                if (known.ended() || !isMessage(channel, known)) {
                    return;
                }
                if (known.level() != ChannelGroups.REMEMBERED) {
                    groups(channel).known(each, known);
                } else if (!groups(channel).remembered(known)) {
                    put(each, channel, new Told(known.group(), known.level(), known.firstAt(), known.lastAt(), true));
                }
            });
        }

        /** Whether the channel was told in a message, as messengers are; it may have been a mirror then, or be one now. */
        private boolean isMessage(String channel, Told known) {
            return messenger.test(channel) && !known.group().isEmpty();
        }

        private ChannelGroups groups(String channel) {
            return channels.computeIfAbsent(channel, _ -> new ChannelGroups(channel, now));
        }

        private void firing(Tellable each) {
            AlertView alert = each.alert();
            List<Leaf> leaves = routes.leaves(alert);
            if (leaves.isEmpty()) {
                unrouted.add(alert.id());
            }
            Optional<HeldBack> held =
                    alert.handling().heldBack().filter(Deciding::isJudged).or(() -> restraint.on(alert, now));
            Optional<HeldBack> quiet = Optional.empty();
            boolean heard = false;
            var asked = new HashSet<String>();
            for (Leaf leaf : leaves) {
                Optional<HeldBack> here = held.or(() -> leaf.quiet().flatMap(q -> q.on(alert.severity(), now)));
                quiet = quiet.or(() -> here);
                heard |= here.isEmpty();
                for (String channel : leaf.route().channels()) {
                    if (asked.add(channel)) {
                        consider(each, channel, leaf, began(alert), here.isPresent());
                    }
                }
                escalate(each, leaf, here.isPresent(), asked);
            }
            if (held.isPresent()) {
                heldBack.put(alert.id(), held.get());
            } else if (!heard && quiet.isPresent()) {
                heldBack.put(alert.id(), quiet.get());
            }
        }

        /** What people hold back is asked for anew each time; the rest is the judge's word. */
        private static boolean isJudged(HeldBack held) {
            return held.reason() == Reason.DEPENDENCY || held.reason() == Reason.OWN_NETWORK;
        }

        private static String began(AlertView alert) {
            if (alert.handling().heldBack().filter(held -> !isJudged(held)).isPresent()) {
                return Why.UNSILENCED;
            }
            return alert.handling().flapping() ? Why.FLAPPING : Why.PLAIN;
        }

        /** Steps count from when the route's own channels were told: before that nobody could have acknowledged it. */
        private void escalate(Tellable each, Leaf leaf, boolean held, Set<String> asked) {
            Optional<Instant> since = leaf.route().channels().stream()
                    .flatMap(channel -> Optional.ofNullable(each.told().get(channel)).stream())
                    .map(Told::firstAt)
                    .min(Comparator.naturalOrder());
            for (Escalation step : leaf.route().escalation()) {
                Instant due = since.map(at -> Times.due(at, step.after(), now)).orElse(Instant.MAX);
                boolean open = !now.isBefore(due) && each.alert().handling().acknowledged().isEmpty();
                if (!open) {
                    at(due);
                }
                for (String channel : step.channels()) {
                    if ((open || each.told().containsKey(channel)) && asked.add(channel)) {
                        consider(each, channel, leaf, Why.escalation(step.after()), held);
                    }
                }
            }
        }

        private void consider(Tellable each, String channel, Leaf leaf, String why, boolean held) {
            Told known = each.told().get(channel);
            if (!messenger.test(channel)) {
                if (known == null && !held) {
                    put(each, channel, new Told("", each.level(), now, now, false));
                }
                return;
            }
            if (held) {
                return;
            }
            if (known == null || known.group().isEmpty()) {
                groups(channel).join(each, leaf, why);
                return;
            }
            Group group = groups(channel).of(known.group());
            group.grouped(leaf.grouping());
            if (each.level() > known.level()) {
                group.worse(each);
            } else if (each.alert().handling().acknowledged().isEmpty()) {
                group.goesOn(each, known, now);
            }
        }

        private void ended(Tellable each) {
            each.told().forEach((channel, known) -> {
                if (known.ended() || (known.level() == ChannelGroups.REMEMBERED && isMessage(channel, known))) {
                    return;
                }
                if (isMessage(channel, known)) {
                    Group group = groups(channel).of(known.group());
                    routes.leaves(each.alert()).stream()
                            .filter(leaf -> leaf.route().reaches(channel))
                            .findFirst()
                            .ifPresent(leaf -> group.grouped(leaf.grouping()));
                    group.ended(each);
                } else {
                    put(each, channel, new Told(known.group(), known.level(), known.firstAt(), now, true));
                }
            });
        }

        private void tell(ChannelGroups groups, Group group) {
            String channel = groups.channel();
            Group.Due due = group.due(now);
            at(due.next());
            for (Group.Item item : due.tellings()) {
                Told before = item.each().told().get(channel);
                boolean ends = item.kind() == Kind.RESOLVED;
                Instant first = before == null || before.group().isEmpty() ? now : before.firstAt();
                put(item.each(), channel, new Told(group.key(), item.each().level(), first, now, ends));
                tellings.add(new Telling(channel, item.kind(), item.each().alert(), due.group(), item.why()));
            }
            if (!due.tellings().isEmpty() && due.tellings().getLast().kind() == Kind.RESOLVED) {
                keepInMind(groups, group, due);
            }
        }

        /** Somebody has to remember when the group was told of last, or that it was there. */
        private void keepInMind(ChannelGroups groups, Group group, Group.Due due) {
            String channel = groups.channel();
            if (due.group().firing() > 0) {
                if (due.tellings().getFirst().kind() == Kind.RESOLVED) {
                    group.staying().ifPresent(each -> Optional.ofNullable(each.told().get(channel))
                            .ifPresent(known -> put(each, channel, new Told(known.group(), known.level(), known.firstAt(), now, false))));
                }
            } else if (groups.toRemember(group)) {
                Tellable last = due.tellings().getLast().each();
                put(last, channel, new Told(group.key(), ChannelGroups.REMEMBERED, group.firstAt(), now, false));
            }
        }

        private void put(Tellable each, String channel, Told knows) {
            told.computeIfAbsent(each.alert().id(), _ -> new LinkedHashMap<>(each.told())).put(channel, knows);
        }

        private void at(Instant time) {
            if (time.isAfter(now) && time.isBefore(next)) {
                next = time;
            }
        }
    }
}
