package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One group on one channel, in one decision: what there is to tell, and whether it is time. */
final class Group {
    /** A storm is told of that seldom. */
    static final Duration STORM_PATIENCE = Duration.ofSeconds(10);

    static final Duration STORM_INTERVAL = Duration.ofMinutes(1);
    static final Duration LONG_STORM_INTERVAL = Duration.ofMinutes(5);
    private static final Duration LONG_STORM = Duration.ofMinutes(5);

    private final String key;
    private final boolean storm;
    private Grouping grouping = Grouping.DEFAULT;

    /** Those the channel was told of, firing or not, whose end it does not know. */
    private final List<Tellable> known = new ArrayList<>();

    private final List<Item> joining = new ArrayList<>();
    private final List<Item> worsened = new ArrayList<>();
    private final List<Item> ending = new ArrayList<>();
    private final List<Tellable> going = new ArrayList<>();
    private Instant firstAt = Instant.MAX;
    private Instant lastAt = Instant.MIN;
    private Instant remindAt = Instant.MAX;
    private Optional<Severity> gravest = Optional.empty();

    Group(String key, boolean storm) {
        this.key = key;
        this.storm = storm;
    }

    /** One thing to tell. */
    record Item(Kind kind, Tellable each, String why) {}

    /**
     * What is to be told now.
     *
     * @param next when something becomes due by time alone
     */
    record Due(List<Item> tellings, Notice.Group group, Instant next) {}

    String key() {
        return key;
    }

    boolean isStorm() {
        return storm;
    }

    /** When its first alert was told. */
    Instant firstAt() {
        return firstAt;
    }

    Instant lastAt() {
        return lastAt;
    }

    /** The channel was told that this alert fires, and not of its end. */
    void knows(Tellable each, Told told) {
        known.add(each);
        firstAt = told.firstAt().isBefore(firstAt) ? told.firstAt() : firstAt;
        toldAt(told.lastAt());
        if (each.alert().state() != AlertView.State.RESOLVED) {
            Severity severity = each.alert().severity();
            gravest = gravest.filter(s -> s.compareTo(severity) >= 0).or(() -> Optional.of(severity));
        }
    }

    /** The channel was told something of the group then. */
    void toldAt(Instant at) {
        lastAt = at.isAfter(lastAt) ? at : lastAt;
    }

    void grouped(Grouping by) {
        grouping = by;
    }

    void join(Tellable each, String why) {
        joining.add(new Item(Kind.FIRING, each, why));
    }

    void worse(Tellable each) {
        worsened.add(new Item(Kind.FIRING, each, Why.WORSENED));
    }

    /** It goes on, and people want to be reminded. */
    void goesOn(Tellable each, Told told, Instant now) {
        going.add(each);
        Instant at = Times.due(told.lastAt(), grouping.repeat(), now);
        remindAt = at.isBefore(remindAt) ? at : remindAt;
    }

    void ended(Tellable each) {
        ending.add(new Item(Kind.RESOLVED, each, Why.PLAIN));
    }

    /** One that stays, for the group to remember when it was told of last. */
    Optional<Tellable> staying() {
        return known.stream().filter(each -> each.alert().state() != AlertView.State.RESOLVED).findFirst();
    }

    Due due(Instant now) {
        boolean news = !joining.isEmpty() || !worsened.isEmpty() || !ending.isEmpty();
        Instant newsAt = news ? newsAt(now) : Instant.MAX;
        if (!now.isBefore(newsAt)) {
            var tellings = new ArrayList<Item>(worsened.size() + joining.size() + ending.size());
            tellings.addAll(worsened);
            tellings.addAll(joining);
            tellings.addAll(ending);
            return new Due(tellings, group(known.size() + joining.size() - ending.size()), Instant.MAX);
        }
        if (!now.isBefore(remindAt)) {
            var tellings = going.stream().map(each -> new Item(Kind.REMINDER, each, Why.PLAIN)).toList();
            return new Due(tellings, group(known.size()), newsAt);
        }
        return new Due(List.of(), group(known.size()), newsAt.isBefore(remindAt) ? newsAt : remindAt);
    }

    private Instant newsAt(Instant now) {
        boolean allClear = joining.isEmpty() && ending.size() == known.size();
        boolean graver = joining.stream()
                .anyMatch(item -> gravest.filter(s -> s.compareTo(item.each().alert().severity()) >= 0).isEmpty());
        boolean urgent = allClear || graver || !worsened.isEmpty();
        if (known.isEmpty()) {
            Instant began = Times.due(began(), storm ? STORM_PATIENCE : grouping.patience(), now);
            // a storm that comes back
            return storm && !lastAt.equals(Instant.MIN) ? later(began, Times.due(lastAt, STORM_INTERVAL, now)) : began;
        }
        if (!storm) {
            return urgent ? Instant.MIN : Times.due(lastAt, grouping.interval(), now);
        }
        return Times.due(lastAt, urgent ? STORM_INTERVAL : stormInterval(now), now);
    }

    private Duration stormInterval(Instant now) {
        Duration least = firstAt.isBefore(now.minus(LONG_STORM)) ? LONG_STORM_INTERVAL : STORM_INTERVAL;
        return grouping.interval().compareTo(least) > 0 ? grouping.interval() : least;
    }

    /** When the first of those that join fired. */
    private Instant began() {
        return joining.stream()
                .map(item -> Times.fired(item.each().alert()))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private Notice.Group group(int firing) {
        return new Notice.Group(key, title(), firing);
    }

    private String title() {
        if (storm || known.size() + joining.size() < 2) {
            return "";
        }
        AlertView any = Stream.concat(known.stream(), joining.stream().map(Item::each))
                .findFirst()
                .orElseThrow()
                .alert();
        return String.join(
                ", ",
                grouping.by().stream()
                        .filter(name -> !Properties.of(any, name).isEmpty())
                        .map(name -> name + " " + Properties.of(any, name))
                        .toList());
    }
}
