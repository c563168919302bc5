package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One group on one channel, in one decision: what is there to tell, and whether it is time. */
final class Group {
    private final String channel;
    private final String key;

    private final List<Item> joining = new ArrayList<>();
    private final List<Item> worsened = new ArrayList<>();
    private final List<Tellable> going = new ArrayList<>();
    private final List<Item> ending = new ArrayList<>();

    /** How many of its alerts the channel takes for firing. */
    private int firing;

    private Instant firstAt = Instant.MAX;
    private Instant youngestAt = Instant.MIN;
    private Instant lastAt = Instant.MIN;
    private Grouping grouping = Grouping.DEFAULT;
    private boolean acknowledged = true;
    private String title = "";

    Group(String channel, String key) {
        this.channel = channel;
        this.key = key;
    }

    /** One thing to tell. */
    record Item(Kind kind, Tellable each, String why) {}

    /**
     * What is to be told now.
     *
     * @param next when something becomes due by time alone
     */
    record Due(List<Item> tellings, Notice.Group group, Instant next) {}

    String channel() {
        return channel;
    }

    String key() {
        return key;
    }

    /** The channel was told that one of its alerts fires, and not of its end. */
    void tell(Told told) {
        firing++;
        if (told.firstAt().isBefore(firstAt)) {
            firstAt = told.firstAt();
        }
        if (told.firstAt().isAfter(youngestAt)) {
            youngestAt = told.firstAt();
        }
        if (told.lastAt().isAfter(lastAt)) {
            lastAt = told.lastAt();
        }
    }

    boolean tookInSince(Instant time) {
        return !youngestAt.isBefore(time) || !joining.isEmpty();
    }

    boolean hasLastedSince(Instant time) {
        return firstAt.isBefore(time);
    }

    void join(Tellable each, Grouping its, String titled, String why) {
        joining.add(new Item(Kind.FIRING, each, why));
        grouping = its;
        title = titled;
    }

    void worse(Tellable each) {
        worsened.add(new Item(Kind.FIRING, each, ""));
    }

    void goesOn(Tellable each, Grouping its, boolean isAcknowledged) {
        going.add(each);
        acknowledged &= isAcknowledged;
        if (joining.isEmpty()) {
            grouping = its;
        }
    }

    void ended(Tellable each, Grouping its) {
        ending.add(new Item(Kind.RESOLVED, each, ""));
        if (joining.isEmpty() && going.isEmpty()) {
            grouping = its;
        }
    }

    Due due(Instant now) {
        boolean allClear = !ending.isEmpty() && ending.size() == firing && joining.isEmpty();
        boolean news = !joining.isEmpty() || !ending.isEmpty();
        Instant newsAt = news ? newsAt() : Instant.MAX;
        // a clock that was set back must not hold news for hours
        Instant latest = now.plus(grouping.interval()).plus(grouping.patience());
        newsAt = news && newsAt.isAfter(latest) ? latest : newsAt;
        boolean due = allClear || !worsened.isEmpty() || (news && !now.isBefore(newsAt));
        Instant remindAt = going.isEmpty() || acknowledged ? Instant.MAX : lastAt.plus(grouping.repeat());
        boolean remind = !due && !now.isBefore(remindAt);
        if (!due && !remind) {
            return new Due(List.of(), group(firing), newsAt.isBefore(remindAt) ? newsAt : remindAt);
        }
        var tellings = new ArrayList<Item>();
        if (due) {
            tellings.addAll(worsened);
            tellings.addAll(joining);
            tellings.addAll(ending);
        } else {
            going.forEach(each -> tellings.add(new Item(Kind.REMINDER, each, "")));
        }
        return new Due(tellings, group(firing + joining.size() - ending.size()), Instant.MAX);
    }

    /** When what is new may be told: a new group after its patience, an open one not more often than its interval. */
    private Instant newsAt() {
        if (firing > 0) {
            return lastAt.plus(grouping.interval());
        }
        Instant earliest = joining.stream()
                .map(item -> item.each().alert().firedAt().orElse(item.each().alert().startsAt()))
                .min(Instant::compareTo)
                .orElse(Instant.MIN);
        return plus(earliest, grouping.patience());
    }

    private static Instant plus(Instant instant, Duration duration) {
        return instant.equals(Instant.MIN) ? instant : instant.plus(duration);
    }

    private Notice.Group group(int after) {
        return new Notice.Group(key, title, after);
    }
}
