package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.route.Tellable;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * All alerts that matter now, and what of them is not yet stored. Changes are gathered during a batch and written at its end. Confined
 * to the evaluator's thread.
 */
final class AlertBook {
    /** How long, and how many, resolved alerts are shown. */
    private static final Duration SHOWN = Duration.ofHours(24);

    private static final int MOST_SHOWN = 1_000;

    /** How long, and how many, resolved alerts are stored. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final int MOST_KEPT = 100_000;
    private static final Duration PRUNED_EVERY = Duration.ofHours(1);

    /** Open alerts by id, as they stand. */
    private final Map<String, Alert> open = new LinkedHashMap<>();

    /** The open ones by id, as they are stored. */
    private final Map<String, Alert> stored = new LinkedHashMap<>();

    /** Newest first. */
    private final Deque<Alert> resolved = new ArrayDeque<>();

    /** Resolved ones whose end some channel does not know yet, by id. */
    private final Map<String, Alert> leaving = new LinkedHashMap<>();

    private final Map<String, Alert> unsaved = new LinkedHashMap<>();
    private final Set<String> dropped = new LinkedHashSet<>();
    /** Whether it is to outlast this process. */
    private final boolean durable;

    private Instant pruneAt = Instant.MIN;
    private boolean changed = true;

    /** @param durable false where nothing of it is stored */
    AlertBook(boolean durable) {
        this.durable = durable;
    }

    /** Reads what is stored. */
    static AlertBook read(Handle tx, Instant now) {
        var book = new AlertBook(true);
        for (Alert alert : AlertTable.open(tx)) {
            book.open.put(alert.view().id(), alert);
            book.stored.put(alert.view().id(), alert);
        }
        AlertTable.resolvedSince(tx, now.minus(SHOWN), MOST_SHOWN).forEach(book.resolved::addLast);
        AlertTable.owing(tx).forEach(alert -> book.leaving.put(alert.view().id(), alert));
        return book;
    }

    List<Alert> open() {
        return List.copyOf(open.values());
    }

    /** Firing ones, and resolved ones whose end some channel does not know yet. */
    List<Tellable> tellable() {
        return Stream.concat(open.values().stream().filter(Alert::firing), leaving.values().stream())
                .map(Alert::tellable)
                .toList();
    }

    /** The alert, open or leaving. */
    Optional<Alert> find(String id) {
        Alert alert = open.get(id);
        return Optional.ofNullable(alert != null ? alert : leaving.get(id));
    }

    /** Channels have come to know more of leaving alerts. */
    void left(Map<String, Alert> changed) {
        if (changed.isEmpty()) {
            return;
        }
        changed.forEach((id, alert) -> {
            if (alert.owesAnEnd()) {
                leaving.put(id, alert);
            } else {
                leaving.remove(id);
            }
            unsaved.put(id, alert);
        });
        // mirrors look at what channels know of resolved alerts too
        List<Alert> before = List.copyOf(resolved);
        resolved.clear();
        before.forEach(alert -> resolved.addLast(changed.getOrDefault(alert.view().id(), alert)));
        this.changed = true;
    }

    /** An alert is open and stands like this. */
    void put(Alert alert) {
        String id = alert.view().id();
        Alert before = open.put(id, alert);
        if (alert.equals(before)) {
            return;
        }
        changed = true;
        Alert saved = stored.get(id);
        if (saved == null || alert.differsFrom(saved) || unsaved.containsKey(id)) {
            unsaved.put(id, alert);
        }
    }

    /** A pending alert came to nothing. */
    void drop(Alert alert) {
        String id = alert.view().id();
        open.remove(id);
        unsaved.remove(id);
        if (stored.containsKey(id)) {
            dropped.add(id);
        }
        changed = true;
    }

    /** A firing alert has ended. */
    void resolve(Alert alert) {
        String id = alert.view().id();
        open.remove(id);
        unsaved.put(id, alert);
        resolved.addFirst(alert);
        if (alert.owesAnEnd()) {
            leaving.put(id, alert);
        }
        if (resolved.size() > MOST_SHOWN) {
            resolved.removeLast();
        }
        changed = true;
    }

    /** Writes what changed since the last call. */
    void write(Handle tx, Instant now) {
        if (!durable) {
            dropped.clear();
            unsaved.clear();
            return;
        }
        AlertTable.delete(tx, dropped);
        AlertTable.save(tx, unsaved.values());
        dropped.forEach(stored::remove);
        for (Alert alert : unsaved.values()) {
            if (alert.episode().state() == State.RESOLVED) {
                stored.remove(alert.view().id());
            } else {
                stored.put(alert.view().id(), alert);
            }
        }
        dropped.clear();
        unsaved.clear();
        if (!now.isBefore(pruneAt)) {
            AlertTable.prune(tx, now.minus(KEPT), MOST_KEPT);
            pruneAt = now.plus(PRUNED_EVERY);
        }
    }

    /** Forgets resolved alerts that are no longer shown. */
    void age(Instant now) {
        Instant shown = now.minus(SHOWN);
        while (!resolved.isEmpty()
                && resolved.getLast().episode().endsAt().filter(shown::isAfter).isPresent()) {
            resolved.removeLast();
            changed = true;
        }
    }

    Iterable<Alert> resolved() {
        return resolved;
    }

    /** Whether anything is shown differently since the last time this was asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Firing ones first, then pending, then resolved; newest first. */
    List<AlertView> shown() {
        var views = new ArrayList<AlertView>(open.size() + resolved.size());
        open.values().stream()
                .map(Alert::view)
                .sorted(Comparator.comparing((AlertView v) -> v.state() == State.PENDING)
                        .thenComparing(AlertView::startsAt, Comparator.reverseOrder())
                        .thenComparing(AlertView::id))
                .forEach(views::add);
        resolved.forEach(a -> views.add(a.view()));
        return List.copyOf(views);
    }
}
