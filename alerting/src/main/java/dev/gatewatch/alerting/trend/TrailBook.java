package dev.gatewatch.alerting.trend;

import dev.gatewatch.alerting.rule.Exhausts;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.SeriesWindow;
import dev.gatewatch.alerting.rule.Trail;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The trails of all facts that rules follow, written every five minutes at most; what came since is remembered from the journal after a restart.
 * Rules that follow the same fact over the same time share a trail. Confined to the evaluator's thread.
 */
public final class TrailBook {
    private static final String NAMESPACE = "trail";
    private static final char BETWEEN = '\u001f';
    private static final Duration WRITTEN_EVERY = Duration.ofMinutes(5);

    private final boolean durable;
    private final Map<String, Trail> trails = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private Instant written = Instant.MIN;

    /** @param durable false where trails are neither read nor stored, as when history is replayed */
    public TrailBook(boolean durable) {
        this.durable = durable;
    }

    /** One rule on one series. */
    public record Watched(Rule rule, Series series, SeriesWindow window) {}

    /** Takes up the trails of those among these that follow a fact, as the store has them. */
    public void restore(Handle tx, List<Watched> all) {
        trails.clear();
        gone.clear();
        written = Instant.MIN;
        for (Watched watched : all) {
            if (watched.rule().when() instanceof Exhausts exhausts) {
                Trail trail = trails.computeIfAbsent(key(watched.series(), exhausts), _ -> new Trail(exhausts.over()));
                watched.window().follow(exhausts.name(), trail);
            }
        }
        if (!durable) {
            return;
        }
        State.all(tx, NAMESPACE).forEach((key, value) -> {
            Trail trail = trails.get(key);
            if (trail == null) {
                gone.add(key);
            } else {
                trail.read(value);
            }
        });
    }

    private static String key(Series series, Exhausts exhausts) {
        return series.probe() + BETWEEN + series.region() + BETWEEN + series.location() + BETWEEN + exhausts.name() + BETWEEN
                + exhausts.over().toMillis();
    }

    /** Writes what has grown, when it is time. */
    public void save(Handle tx, Instant now) {
        if (!durable) {
            return;
        }
        gone.forEach(key -> State.delete(tx, NAMESPACE, key));
        gone.clear();
        if (trails.isEmpty() || (!written.equals(Instant.MIN) && Duration.between(written, now).abs().compareTo(WRITTEN_EVERY) < 0)) {
            return;
        }
        written = now;
        trails.forEach((key, trail) -> {
            if (trail.takeGrown()) {
                State.put(tx, NAMESPACE, key, trail.toBytes());
            }
        });
    }
}
