package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.alert.AlertMachine.Change;
import dev.gatewatch.alerting.alert.AlertMachine.Kind;
import dev.gatewatch.alerting.alert.AlertMachine.Step;
import dev.gatewatch.alerting.alert.Recurrence.Ended;
import dev.gatewatch.view.Handling;
import dev.gatewatch.view.Handling.Acknowledgement;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The open alerts with those who keep them: what a step means for the book and for those who are told. Confined to the evaluator's thread.
 */
final class OpenAlerts {
    private final AlertBook book;
    private final Telling telling;
    private final Chronicle chronicle;

    /** By the id of their alert. */
    private final Map<String, Keeper> keepers = new LinkedHashMap<>();

    /** Ids of those that have fired since it was last decided who is told. */
    private final Set<String> fresh = new HashSet<>();

    private Map<String, Acknowledgement> acknowledged;

    OpenAlerts(AlertBook book, Telling telling, Chronicle chronicle, Map<String, Acknowledgement> acknowledged) {
        this.book = book;
        this.telling = telling;
        this.chronicle = chronicle;
        this.acknowledged = acknowledged;
    }

    /** Whoever keeps an open alert. */
    Collection<Keeper> keepers() {
        return keepers.values();
    }

    /** An alert of the book goes on with its keeper. */
    void goesOn(Keeper keeper, Alert alert) {
        stands(keeper, alert.handled(
                alert.view().handling().acknowledged(Optional.ofNullable(acknowledged.get(alert.view().id())))));
    }

    /** An alert of the book that nobody keeps any more. */
    void orphaned(Alert alert, Instant now) {
        if (alert.firing()) {
            book.resolve(alert.with(alert.episode().resolved(now, Episode.REMOVED)));
            telling.changed();
        } else {
            book.drop(alert);
        }
    }

    /**
     * Goes where the step leads.
     *
     * @param text what is to be said now, if anything new is
     */
    void follow(Handle tx, Keeper keeper, Step step, Optional<Alert.Text> text, Instant now) {
        for (Change change : step.changes()) {
            if (change.kind() == Kind.RESOLVED) {
                end(tx, keeper, change.episode(), now);
            } else {
                fire(keeper, standing(keeper, change.episode(), text), change);
            }
            telling.changed();
        }
        if (step.open().isPresent()) {
            stands(keeper, standing(keeper, step.open().get(), text));
        } else {
            drop(keeper);
        }
    }

    private void fire(Keeper keeper, Alert alert, Change change) {
        boolean flaps = change.kind() == Kind.FIRED
                && keeper.calmsFlapping()
                && keeper.past().flaps(change.episode().firedAt().orElse(change.episode().startsAt()));
        stands(keeper, flaps ? alert.handled(alert.view().handling().flaps()) : alert);
        fresh.add(alert.view().id());
        if (change.kind() == Kind.FIRED) {
            chronicle.fired(keeper.alert().orElseThrow().view());
        }
    }

    private void end(Handle tx, Keeper keeper, Episode over, Instant now) {
        if (fresh.contains(keeper.alert().orElseThrow().view().id())) {
            // it began and ended in one batch: its beginning is told first, as if there had been two
            tell(tx, now);
        }
        Alert ended = keeper.alert().orElseThrow().with(over);
        Alert cleared = ended.handled(ended.view().handling().heldBack(Optional.empty()));
        book.resolve(cleared);
        chronicle.ended(cleared.view());
        keepers.remove(cleared.view().id());
        keeper.alert(Optional.empty());
        keeper.past().add(new Ended(over.firedAt().orElse(over.startsAt()), over.endsAt().orElse(now), cleared.incident()));
    }

    /** A pending alert comes to nothing. */
    void drop(Keeper keeper) {
        keeper.alert().ifPresent(alert -> {
            book.drop(alert);
            keepers.remove(alert.view().id());
            keeper.alert(Optional.empty());
        });
    }

    /** The keeper's alert as it stands in this episode, a new one where there is none. */
    private static Alert standing(Keeper keeper, Episode episode, Optional<Alert.Text> text) {
        Alert alert = keeper.alert().orElseGet(() -> keeper.begin(episode, text.orElseThrow())).with(episode);
        return text.map(alert::with).orElse(alert);
    }

    void stands(Keeper keeper, Alert alert) {
        keepers.put(alert.view().id(), keeper);
        keeper.alert(Optional.of(alert));
        book.put(alert);
    }

    /** A probe that it depends on fails, or does not any more. What people hold back is not touched. */
    void heldBack(Keeper keeper, Optional<HeldBack> by) {
        keeper.alert().ifPresent(alert -> {
            Handling handling = alert.view().handling();
            boolean was = handling.heldBack().filter(held -> held.reason() == Reason.DEPENDENCY).isPresent();
            if (by.isPresent() ? !by.equals(handling.heldBack()) : was) {
                stands(keeper, alert.handled(handling.heldBack(by)));
                telling.changed();
            }
        });
    }

    /** Shows who takes care of what. */
    void acknowledge(Map<String, Acknowledgement> all) {
        if (all.equals(acknowledged)) {
            return;
        }
        acknowledged = all;
        for (Alert alert : book.open()) {
            Optional<Acknowledgement> by = Optional.ofNullable(all.get(alert.view().id()));
            if (!by.equals(alert.view().handling().acknowledged())) {
                adopt(alert.handled(alert.view().handling().acknowledged(by)));
            }
        }
        telling.changed();
    }

    /** Decides who is told, where something changed or it is time, and writes what is to be sent. */
    void tell(Handle tx, Instant now) {
        List<Alert> otherwise = telling.tell(tx, book, now);
        otherwise.forEach(this::adopt);
        fresh.clear();
    }

    /** An open alert stands otherwise than its keeper knows. */
    private void adopt(Alert alert) {
        book.put(alert);
        Keeper keeper = keepers.get(alert.view().id());
        if (keeper != null) {
            keeper.alert(Optional.of(alert));
        }
    }
}
