package dev.gatewatch.alerting.route;

import dev.gatewatch.view.AlertView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The groups of one decision, by channel and key. An alert stays in the group that it was first told with. When many groups begin at
 * once, further ones are told together as a storm, so that a person gets a few messages that name everything, and no flood.
 */
final class Groups {
    /** So many new groups of one route a minute are told one by one. */
    static final int STORM = 10;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** How long after its last new alert a storm goes on taking new ones in. */
    private static final Duration STORM_LASTS = Duration.ofMinutes(5);

    private static final Duration STORM_PATIENCE = Duration.ofSeconds(10);
    private static final String STORM_MARK = "storm-";

    private final Instant now;
    private final Map<String, Group> groups = new LinkedHashMap<>();

    /** Groups that are open, by channel and the part of their key that does not depend on when they began. */
    private final Map<String, String> open = new HashMap<>();

    /** Groups of a channel and route that began in the last minute. */
    private final Map<String, Set<String>> fresh = new HashMap<>();

    Groups(Instant now) {
        this.now = now;
    }

    /** What a channel knows already. */
    void known(String channel, Tellable each, Told told) {
        if (told.ended()) {
            return;
        }
        Group group = of(channel, told.group());
        group.tell(told);
        if (each.alert().state() != AlertView.State.RESOLVED) {
            String base = base(told.group());
            open.put(channel + " " + base, told.group());
            if (!told.firstAt().isBefore(now.minus(MINUTE)) && !base.startsWith(STORM_MARK)) {
                fresh(channel, route(base)).add(told.group());
            }
        }
    }

    /** A channel is to hear of an alert for the first time. */
    void join(String channel, Tellable each, Route.Leaf leaf, String why) {
        Grouping grouping = leaf.grouping();
        String base = leaf.id() + digest(values(each.alert(), grouping));
        String key = open.get(channel + " " + base);
        Grouping its = grouping;
        String title = title(each.alert(), grouping);
        if (key == null) {
            Set<String> beginning = fresh(channel, leaf.id());
            String storm = STORM_MARK + leaf.id();
            String stormKey = open.get(channel + " " + storm);
            boolean storming = stormKey != null && of(channel, stormKey).tookInSince(now.minus(STORM_LASTS));
            if (beginning.size() >= STORM || storming) {
                key = stormKey == null ? begun(storm, each) : stormKey;
                base = storm;
                title = "";
                its = new Grouping(grouping.by(), STORM_PATIENCE, stormInterval(channel, key, grouping), grouping.repeat());
            } else {
                key = begun(base, each);
                beginning.add(key);
            }
            open.put(channel + " " + base, key);
        } else if (key.startsWith(STORM_MARK)) {
            its = new Grouping(grouping.by(), STORM_PATIENCE, stormInterval(channel, key, grouping), grouping.repeat());
        }
        of(channel, key).join(each, its, title, why);
    }

    void worse(String channel, Tellable each, Told told) {
        of(channel, told.group()).worse(each);
    }

    void remind(String channel, Tellable each, Told told, Grouping grouping, boolean acknowledged) {
        of(channel, told.group()).goesOn(each, grouping, acknowledged);
    }

    void ended(String channel, Tellable each, Told told, Grouping grouping) {
        Grouping its = told.group().startsWith(STORM_MARK)
                ? new Grouping(grouping.by(), STORM_PATIENCE, stormInterval(channel, told.group(), grouping), grouping.repeat())
                : grouping;
        of(channel, told.group()).ended(each, its);
    }

    Collection<Group> all() {
        return groups.values();
    }

    /** A long storm is told of less and less often. */
    private Duration stormInterval(String channel, String key, Grouping grouping) {
        Duration least = of(channel, key).hasLastedSince(now.minus(STORM_LASTS)) ? Duration.ofMinutes(5) : MINUTE;
        return grouping.interval().compareTo(least) > 0 ? grouping.interval() : least;
    }

    private Group of(String channel, String key) {
        return groups.computeIfAbsent(channel + " " + key, _ -> new Group(channel, key));
    }

    private Set<String> fresh(String channel, String route) {
        return fresh.computeIfAbsent(channel + " " + route, _ -> new HashSet<>());
    }

    private static String begun(String base, Tellable each) {
        return base + "-" + Long.toString(each.alert().startsAt().toEpochMilli(), Character.MAX_RADIX);
    }

    private static String base(String key) {
        int dash = key.lastIndexOf('-');
        return dash < 0 ? key : key.substring(0, dash);
    }

    /** The route's part of a group's base: what comes before the 16 digits of its values. */
    private static String route(String base) {
        return base.length() > 16 ? base.substring(0, base.length() - 16) : base;
    }

    private static List<String> values(AlertView alert, Grouping grouping) {
        return grouping.by().stream().map(name -> Properties.of(alert, name)).toList();
    }

    private static String title(AlertView alert, Grouping grouping) {
        return String.join(
                ", ",
                grouping.by().stream()
                        .map(name -> name + " " + Properties.of(alert, name))
                        .filter(text -> !text.endsWith(" "))
                        .toList());
    }

    private static String digest(List<String> values) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", values).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
