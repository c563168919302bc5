package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.delivery.Dispatch;
import dev.gatewatch.alerting.route.Decision;
import dev.gatewatch.alerting.route.Router;
import dev.gatewatch.alerting.route.Told;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the router decide who is told of the alerts, and does as it says. Confined to the evaluator's thread. */
final class Telling {
    private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

    /** How long mirrors are shown an alert after its end. */
    private static final Duration SHOWN_RESOLVED = Duration.ofMinutes(15);

    /** What people do (silences) is seen this soon, without being told of it. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Router router;
    private final Dispatch dispatch;

    private boolean changed = true;
    private Instant lookAt = Instant.MIN;
    private Set<String> unrouted = Set.of();
    private final List<AlertView> untold = new ArrayList<>();

    Telling(Router router, Dispatch dispatch) {
        this.router = router;
        this.dispatch = dispatch;
    }

    /** The book was read anew. */
    void restored() {
        changed = true;
        lookAt = Instant.MIN;
        untold.clear();
    }

    /** Something happened that somebody may want to hear of. */
    void changed() {
        changed = true;
    }

    /** Whether something happened since the last decision. */
    boolean hasNews() {
        return changed;
    }

    /**
     * Decides, where something changed or it is time, and writes what is to be sent.
     *
     * @return open alerts that stand otherwise than the book knew
     */
    List<Alert> tell(Handle tx, AlertBook book, Instant now) {
        // far ahead only where the clock was set back
        boolean due = changed || !now.isBefore(lookAt) || now.plus(LOOK_AGAIN).isBefore(lookAt);
        if (!due) {
            return List.of();
        }
        Decision decision = router.decide(book.tellable(), now);
        changed = false;
        Instant again = now.plus(LOOK_AGAIN);
        lookAt = decision.next().isBefore(again) && decision.next().isAfter(now) ? decision.next() : again;

        var standing = new LinkedHashMap<String, Alert>();
        var left = new HashMap<String, Alert>();
        decision.told().forEach((id, told) -> book.find(id).ifPresent(alert -> {
            Alert knowing = alert.told(told);
            if (knowing.firing()) {
                standing.put(id, knowing);
            } else {
                left.put(id, knowing);
            }
        }));
        standing.values().forEach(book::put);
        book.left(left);
        for (Alert alert : book.open()) {
            Optional<HeldBack> by = heldBack(alert, decision);
            if (!by.equals(alert.view().handling().heldBack())) {
                standing.put(alert.view().id(), alert.handled(alert.view().handling().heldBack(by)));
            }
        }
        dispatch.enqueue(tx, decision.tellings(), now);
        noteUnrouted(book, decision);
        return List.copyOf(standing.values());
    }

    /** What the judge found holds back stays; what people hold back is as the router says. */
    private static Optional<HeldBack> heldBack(Alert alert, Decision decision) {
        Optional<HeldBack> before = alert.view().handling().heldBack();
        if (before.filter(held -> held.reason() == Reason.DEPENDENCY).isPresent() || !alert.firing()) {
            return before;
        }
        return Optional.ofNullable(decision.heldBack().get(alert.view().id()));
    }

    private void noteUnrouted(AlertBook book, Decision decision) {
        for (String id : decision.unrouted()) {
            if (!unrouted.contains(id)) {
                book.find(id).ifPresent(alert -> untold.add(alert.view()));
            }
        }
        unrouted = new HashSet<>(decision.unrouted());
    }

    /** The transaction holds. */
    void committed() {
        for (AlertView alert : untold) {
            LOG.warn(
                    "No route takes the alert of rule {} for {}, so no channel is told: {}",
                    alert.rule(),
                    alert.series().display(),
                    alert.message());
        }
        untold.clear();
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
        for (Map.Entry<String, Told> known : alert.told().entrySet()) {
            if (!messengers.contains(known.getKey())) {
                pictures.computeIfAbsent(known.getKey(), _ -> new ArrayList<>()).add(alert.view());
            }
        }
    }
}
