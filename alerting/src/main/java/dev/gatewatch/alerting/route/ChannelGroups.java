package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.route.RouteTree.Leaf;
import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The groups of one channel, in one decision. An alert stays in the group that it was first told with. Where many groups would begin at
 * once they begin as one, a storm, so that a person gets a few messages that name everything, and no flood.
 *
 * <p>That a group was there is remembered for a while after its end, by one of its alerts ({@link #REMEMBERED}): what comes and goes all
 * the time is many things at once too.
 */
final class ChannelGroups {
    /** So many groups may begin within a minute after a storm, and be told one by one. */
    private static final int CALM_AFTER_STORM = 2;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A storm takes all new groups in until it was quiet for so long. */
    private static final Duration QUIET = Duration.ofMinutes(5);

    /** How long a storm that is over is remembered. */
    private static final Duration STORM_REMEMBERED = Duration.ofMinutes(30);

    /** The level of what was told of an alert whose end is told, and which only stands for its group. */
    static final int REMEMBERED = Integer.MIN_VALUE;

    private static final String STORM = "storm";

    private final String channel;
    private final Instant now;
    private final SequencedMap<String, Group> groups = new LinkedHashMap<>();

    /** Keys of groups that are open or remembered, by the part that does not depend on when they began. */
    private final Map<String, String> open = new HashMap<>();

    /** Groups that began a short while ago and have ended. */
    private final Set<String> recent = new HashSet<>();

    private final List<Newcomer> newcomers = new ArrayList<>();
    private Optional<String> storm = Optional.empty();

    /** When the storm was last told of something new. */
    private Instant stormGrew = Instant.MIN;

    private boolean stormFires;

    private record Newcomer(Tellable each, Leaf leaf, String base, String why) {}

    ChannelGroups(String channel, Instant now) {
        this.channel = channel;
        this.now = now;
    }

    String channel() {
        return channel;
    }

    Collection<Group> all() {
        return groups.values();
    }

    Group of(String key) {
        return groups.computeIfAbsent(key, _ -> new Group(key, base(key).equals(STORM)));
    }

    /** The channel was told of this alert, and not of its end. */
    void known(Tellable each, Told told) {
        Group group = of(told.group());
        group.knows(each, told);
        boolean fires = each.alert().state() != AlertView.State.RESOLVED;
        if (fires || !open.containsKey(base(told.group()))) {
            open.put(base(told.group()), told.group());
        }
        if (group.isStorm()) {
            storm(told.group(), told.firstAt());
            stormFires |= fires;
        }
    }

    /**
     * All of a group has ended, which this alert remembers.
     *
     * @return whether it has to be remembered any longer
     */
    boolean remembered(Told told) {
        boolean wasStorm = base(told.group()).equals(STORM);
        Instant since = wasStorm ? told.lastAt() : told.firstAt();
        if (!Times.within(since, wasStorm ? STORM_REMEMBERED : MINUTE, now)) {
            return false;
        }
        if (wasStorm) {
            of(told.group()).toldAt(told.lastAt());
            storm(told.group(), told.lastAt());
        } else {
            recent.add(told.group());
        }
        return true;
    }

    /** Whether a group that now ends is to be remembered. */
    boolean toRemember(Group group) {
        return group.isStorm() || Times.within(group.firstAt(), MINUTE, now);
    }

    private void storm(String key, Instant grew) {
        storm = Optional.of(key);
        stormGrew = grew.isAfter(stormGrew) && !grew.isAfter(now) ? grew : stormGrew;
    }

    /** The channel is to hear of an alert for the first time. */
    void join(Tellable each, Leaf leaf, String why) {
        String[] values = leaf.grouping().by().stream()
                .map(name -> Properties.of(each.alert(), name))
                .toArray(String[]::new);
        newcomers.add(new Newcomer(each, leaf, leaf.id() + Digest.of(values), why));
    }

    /** Puts those who join into groups, once all are known. */
    void place() {
        var beginning = new LinkedHashMap<String, List<Newcomer>>();
        for (Newcomer each : newcomers) {
            String key = open.get(each.base());
            if (key != null) {
                put(key, each, each.why());
            } else {
                beginning.computeIfAbsent(each.base(), _ -> new ArrayList<>()).add(each);
            }
        }
        // who wants no storms is neither part of one nor makes one
        var calm = new LinkedHashMap<String, List<Newcomer>>();
        beginning.forEach((base, group) -> {
            if (group.getFirst().leaf().grouping().calm() == 0) {
                calm.put(base, group);
            }
        });
        beginning.keySet().removeAll(calm.keySet());
        if (beginning.isEmpty() || !storming(beginning.values())) {
            calm.putAll(beginning);
        } else {
            Newcomer first = beginning.firstEntry().getValue().getFirst();
            String key = storm.orElseGet(() -> key(STORM, first));
            beginning.values().forEach(group -> group.forEach(each -> put(key, each, each.why().isEmpty() ? Why.STORM : each.why())));
        }
        calm.forEach((base, group) -> {
            String key = key(base, group.getFirst());
            group.forEach(each -> put(key, each, each.why()));
        });
    }

    private boolean storming(Collection<List<Newcomer>> beginning) {
        if (storm.isPresent() && Times.within(stormGrew, QUIET, now)) {
            return true;
        }
        long fresh = recent.size()
                + groups.values().stream()
                        .filter(group -> !group.isStorm() && Times.within(group.firstAt(), MINUTE, now))
                        .count();
        int calm = beginning.stream()
                .mapToInt(group -> group.getFirst().leaf().grouping().calm())
                .min()
                .orElse(0);
        return fresh + beginning.size() > (storm.isPresent() && !stormFires ? Math.min(CALM_AFTER_STORM, calm) : calm);
    }

    private void put(String key, Newcomer each, String why) {
        Group group = of(key);
        group.grouped(each.leaf().grouping());
        group.join(each.each(), why);
    }

    private static String key(String base, Newcomer first) {
        return base + "-" + Long.toString(first.each().alert().startsAt().toEpochMilli(), Character.MAX_RADIX);
    }

    private static String base(String key) {
        int dash = key.lastIndexOf('-');
        return dash < 0 ? key : key.substring(0, dash);
    }
}
