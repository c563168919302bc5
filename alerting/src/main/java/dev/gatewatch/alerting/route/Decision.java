package dev.gatewatch.alerting.route;

import dev.gatewatch.view.Handling.HeldBack;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Who is to be told of what now. Immutable.
 *
 * @param tellings in the order to send them; tellings of one channel and group stand together
 * @param told what channels know after that, by alert id and channel; only alerts for which it changed
 * @param heldBack firing alerts that nobody is told of at present, by id
 * @param unrouted ids of firing alerts that no route takes
 * @param next when time alone may change the decision
 */
public record Decision(
        List<Telling> tellings,
        Map<String, SequencedMap<String, Told>> told,
        Map<String, HeldBack> heldBack,
        List<String> unrouted,
        Instant next) {
    public Decision {
        tellings = List.copyOf(tellings);
        told = Map.copyOf(told);
        heldBack = Map.copyOf(heldBack);
        unrouted = List.copyOf(unrouted);
    }
}
