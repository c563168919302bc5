package dev.gatewatch.alerting.route;

import dev.gatewatch.view.AlertView;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * An alert as routing sees it: a firing one, or a resolved one whose end some channel does not know yet. Immutable.
 *
 * @param level how tight a bound is crossed
 * @param told what each channel knows of it, by the channel's name
 */
public record Tellable(AlertView alert, int level, SequencedMap<String, Told> told) {
    public Tellable {
        told = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(told));
    }
}
