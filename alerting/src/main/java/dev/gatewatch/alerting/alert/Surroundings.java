package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.slo.Excluded;
import dev.gatewatch.engine.Reruns;
import dev.gatewatch.view.Handling.Acknowledgement;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a judge asks of the world beside the results.
 *
 * @param acknowledgements who takes care of which alert, by its id; the same map for as long as nothing changes
 * @param inbound what other monitors tell, by fingerprint; the same map for as long as nothing changes
 * @param reruns asked for quick runs: to confirm what a rule wants confirmed, and of a parent that a child's alert waits for
 * @param excluded which runs no objective counts
 * @param changes which change a trouble may come from
 */
public record Surroundings(
        Supplier<Map<String, Acknowledgement>> acknowledgements,
        Supplier<Map<String, InboundAlert>> inbound,
        Reruns reruns,
        Excluded excluded,
        ChangesNearby changes) {
    /** Nobody takes care of anything, nobody else tells anything, and nothing changes. */
    public static final Surroundings NONE = new Surroundings(Map::of, Map::of, Reruns.NONE, Excluded.NONE, ChangesNearby.NONE);

    /** The same with other runs that no objective counts. */
    public Surroundings with(Excluded other) {
        return new Surroundings(acknowledgements, inbound, reruns, other, changes);
    }
}
