package dev.gatewatch.alerting.change;

import dev.gatewatch.alerting.alert.ChangesNearby;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.view.ChangeView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The changes, as alerts name them. Immutable but for the changes.
 *
 * @param namedFor for how long after its end a change is named
 */
public record NamedChanges(Changes changes, Duration namedFor) implements ChangesNearby {
    @Override
    public Optional<Nearby> to(ProbeSpec spec, Instant startsAt) {
        return changes.before(name -> property(spec, name), startsAt, namedFor)
                .map(change -> new Nearby(change.id(), words(change, startsAt)));
    }

    private static String property(ProbeSpec spec, String name) {
        return switch (name) {
            case "probe" -> spec.series().probe();
            case "region" -> spec.series().region();
            case "location" -> spec.series().location();
            case "type" -> spec.type().name();
            default -> spec.labels().getOrDefault(name, "");
        };
    }

    private static String words(ChangeView change, Instant startsAt) {
        long seconds = Duration.between(change.beganAt(), startsAt).toSeconds();
        String later = seconds < 60 ? seconds + " s" : seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
        return later + " after change " + change.id() + " began";
    }
}
