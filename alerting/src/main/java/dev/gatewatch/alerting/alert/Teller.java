package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.delivery.Dispatch;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Decides who is told of an alert. Messengers are told of each change once, through the outbox; mirrors are given pictures. Confined to
 * the evaluator's thread.
 */
final class Teller {
    /** How long mirrors are shown an alert after its end. */
    private static final Duration SHOWN_RESOLVED = Duration.ofMinutes(15);

    private final List<Route> routes;
    private final Dispatch dispatch;

    Teller(List<Route> routes, Dispatch dispatch) {
        this.routes = List.copyOf(routes);
        this.dispatch = dispatch;
    }

    /**
     * Tells that it fires (or has got worse): the channels of its routes, and those that were told before.
     *
     * @return the alert that remembers whom it was told
     */
    Alert firing(Handle tx, Alert alert, Instant now) {
        var channels = new LinkedHashSet<>(alert.told());
        channels.addAll(Route.channels(routes, alert.view()));
        send(tx, channels, Notice.Kind.FIRING, alert.view(), now);
        return alert.told(channels);
    }

    /** Tells its end to those who were told that it fires, as far as they still exist. */
    void resolved(Handle tx, Alert alert, Instant now) {
        send(tx, alert.told(), Notice.Kind.RESOLVED, alert.view(), now);
    }

    /**
     * Lets mirrors that the routes have newly come to name see a firing alert: a picture is no second notice. Messengers are not told
     * anew.
     */
    Alert rerouted(Alert alert) {
        if (!alert.firing()) {
            return alert;
        }
        Set<String> messengers = dispatch.messengers();
        var channels = new LinkedHashSet<>(alert.told());
        Route.channels(routes, alert.view()).stream().filter(c -> !messengers.contains(c)).forEach(channels::add);
        return alert.told(channels);
    }

    /** What each mirror is to show. */
    Map<String, List<AlertView>> pictures(List<Alert> open, Iterable<Alert> resolved, Instant now) {
        Set<String> messengers = dispatch.messengers();
        var pictures = new HashMap<String, List<AlertView>>();
        for (Alert alert : open) {
            if (alert.firing()) {
                show(alert, messengers, pictures);
            }
        }
        Instant shown = now.minus(SHOWN_RESOLVED);
        for (Alert alert : resolved) {
            if (alert.episode().endsAt().filter(shown::isBefore).isPresent()) {
                show(alert, messengers, pictures);
            }
        }
        return pictures;
    }

    private static void show(Alert alert, Set<String> messengers, Map<String, List<AlertView>> pictures) {
        for (String channel : alert.told()) {
            if (!messengers.contains(channel)) {
                pictures.computeIfAbsent(channel, _ -> new ArrayList<>()).add(alert.view());
            }
        }
    }

    private void send(Handle tx, Iterable<String> channels, Notice.Kind kind, AlertView alert, Instant now) {
        Set<String> messengers = dispatch.messengers();
        for (String channel : channels) {
            if (messengers.contains(channel)) {
                var group = new Notice.Group(alert.id(), "", kind.firing() ? 1 : 0);
                dispatch.enqueue(tx, List.of(new Telling(channel, kind, alert, group, "")), now);
            }
        }
    }
}
