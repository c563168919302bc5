package dev.gatewatch.backtest;

import dev.gatewatch.alerting.alert.Chronicle;
import dev.gatewatch.alerting.route.Maintenance;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;

/** Notes the alerts of one circle under one configuration. Confined to the circle's worker. */
final class Recorder implements Chronicle {
    /** So many of all circles are kept one by one; all are counted. */
    static final int MOST = 100_000;

    private final Maintenance maintenance;
    private final AtomicInteger room;

    /** Told with 1 and -1 as alerts of a series begin and end. */
    private final ObjIntConsumer<Series> firing;

    private final Map<String, Happening> open = new LinkedHashMap<>();
    private final List<Happening> over = new ArrayList<>();
    private final Map<String, Long> uncounted = new HashMap<>();

    /** @param room for how many more alerts there is room, shared by all */
    Recorder(Maintenance maintenance, AtomicInteger room, ObjIntConsumer<Series> firing) {
        this.maintenance = maintenance;
        this.room = room;
        this.firing = firing;
    }

    @Override
    public void fired(AlertView alert) {
        Instant at = alert.firedAt().orElse(alert.startsAt());
        firing.accept(alert.series(), 1);
        open.put(
                alert.id(),
                new Happening(
                        alert.rule(),
                        alert.severity(),
                        alert.series(),
                        alert.startsAt(),
                        at,
                        Optional.empty(),
                        alert.cause(),
                        alert.message(),
                        alert.handling().flapping(),
                        maintenance.on(alert, at).map(held -> "maintenance " + held.by()).orElse("")));
    }

    @Override
    public void ended(AlertView alert) {
        Happening begun = open.remove(alert.id());
        if (begun == null) {
            return;
        }
        firing.accept(alert.series(), -1);
        if (room.decrementAndGet() < 0) {
            uncounted.merge(begun.rule(), 1L, Long::sum);
            return;
        }
        over.add(new Happening(
                begun.rule(),
                begun.severity(),
                begun.series(),
                begun.startsAt(),
                begun.firedAt(),
                alert.endsAt(),
                begun.cause(),
                begun.message(),
                begun.flapping() || alert.handling().flapping(),
                begun.untold()));
    }

    /** All alerts that are kept: first those that are over, in the order in which they ended. */
    List<Happening> all() {
        var all = new ArrayList<>(over);
        all.addAll(open.values());
        return all;
    }

    /** How many more there were of each rule. */
    Map<String, Long> more() {
        return uncounted;
    }
}
