package dev.gatewatch.alerting.slo;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.SeriesWindow;
import dev.gatewatch.alerting.rule.Slo;
import dev.gatewatch.alerting.slo.Counted.Measure;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.SloView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Counts runs for all objectives. What a batch changes is written in the batch's own transaction, so counts and the evaluator's cursor
 * stand at the same run after any crash, and a restart goes on from there. Rules that measure alike share their counts, and a change of
 * objective or window keeps them. {@link #current} is safe for many threads; the rest is confined to the evaluator's.
 *
 * <p>Runs in maintenance and broken ones are neither good nor bad, and a time without runs is no good time.
 */
public final class SloBook {
    private static final Duration SHOWN_EVERY = Duration.ofSeconds(10);
    private static final Duration PRUNED_EVERY = Duration.ofMinutes(10);

    /** One rule on one series. */
    public record Watched(Rule rule, ProbeSpec spec, SeriesWindow window) {}

    private record Objective(String rule, Slo slo, Series series, Counted counted) {}

    private record Touched(Measure measure, Counted counted, Tier.Length length, long bucket) {}

    private record Counting(ProbeSpec spec, Optional<Duration> slower, Measure measure, Counted counted) {}

    private final Excluded excluded;
    private final boolean durable;

    private final Map<Series, List<Counting>> counting = new HashMap<>();
    private final List<Objective> objectives = new ArrayList<>();
    private Map<Measure, Integer> ids = new HashMap<>();
    private int nextId = 1;
    private final Set<Touched> touched = new LinkedHashSet<>();
    private Instant prunedAt = Instant.MIN;
    private Instant shownAt = Instant.MIN;
    private Instant seen = Instant.EPOCH;

    private volatile List<SloView> current = List.of();

    /** @param excluded which runs are not counted */
    public SloBook(Excluded excluded) {
        this(excluded, true);
    }

    /** @param durable false where counts are neither stored nor shown, as when history is replayed */
    public SloBook(Excluded excluded, boolean durable) {
        this.excluded = excluded;
        this.durable = durable;
    }

    /** How objectives stood at most ten seconds ago. */
    public List<SloView> current() {
        return current;
    }

    /** Takes up the counts of the objectives among these, as the store has them. */
    public void restore(Handle tx, List<Watched> all) {
        counting.clear();
        objectives.clear();
        touched.clear();
        prunedAt = Instant.MIN;
        shownAt = Instant.MIN;
        var longest = new LinkedHashMap<Measure, Duration>();
        for (Watched watched : all) {
            if (watched.rule().when() instanceof Slo slo) {
                longest.merge(measure(watched, slo), slo.window(), (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        take(longest.isEmpty() || !durable ? new HashMap<>() : SloTable.measures(tx));
        var counts = new HashMap<Measure, Counted>();
        for (Watched watched : all) {
            if (watched.rule().when() instanceof Slo slo) {
                Measure measure = measure(watched, slo);
                Counted counted = counts.computeIfAbsent(measure, m -> {
                    var made = new Counted(Objects.requireNonNull(longest.get(m)));
                    counting.computeIfAbsent(m.series(), _ -> new ArrayList<>())
                            .add(new Counting(watched.spec(), slo.slower(), m, made));
                    return made;
                });
                watched.window().tally(slo.slower(), counted);
                objectives.add(new Objective(watched.rule().name(), slo, watched.spec().series(), counted));
            }
        }
        if (!counts.isEmpty() && durable) {
            var byId = new HashMap<Integer, Counted>();
            counts.forEach((measure, counted) -> {
                Integer id = ids.get(measure);
                if (id != null) {
                    byId.put(id, counted);
                }
            });
            SloTable.read(tx, row -> {
                Counted counted = byId.get(row.measure());
                if (counted != null) {
                    counted.tier(row.length()).set(row.bucket(), row.good(), row.bad());
                }
            });
        }
    }

    private void take(Map<Measure, Integer> known) {
        ids = known;
        nextId = known.values().stream().mapToInt(id -> id).max().orElse(0) + 1;
    }

    private static Measure measure(Watched watched, Slo slo) {
        return new Measure(watched.spec().series(), slo.slower().map(Duration::toMillis).orElse(0L));
    }

    /** Counts a run. */
    public void count(Result result) {
        if (result.outcome() == Outcome.BROKEN) {
            return;
        }
        for (Counting one : counting.getOrDefault(result.series(), List.of())) {
            if (excluded.excludes(one.spec(), result.startedAt())) {
                continue;
            }
            boolean bad = Slo.bad(result.outcome(), result.duration(), one.slower());
            long at = result.startedAt().toEpochMilli();
            for (Tier.Length length : Tier.Length.values()) {
                long bucket = length.bucket(at);
                if (one.counted().tier(length).count(bucket, bad)) {
                    touched.add(new Touched(one.measure(), one.counted(), length, bucket));
                }
            }
            seen = result.startedAt().isAfter(seen) ? result.startedAt() : seen;
        }
    }

    /** Writes what has changed since the last time. */
    public void save(Handle tx, Instant now) {
        if (!durable) {
            touched.clear();
            return;
        }
        if (!touched.isEmpty()) {
            var rows = new ArrayList<SloTable.Row>();
            for (Touched one : touched) {
                Tier tier = one.counted().tier(one.length());
                rows.add(new SloTable.Row(id(tx, one.measure()), one.length(), one.bucket(), tier.good(one.bucket()), tier.bad(one.bucket())));
            }
            SloTable.write(tx, rows);
            touched.clear();
        }
        boolean due = prunedAt.equals(Instant.MIN)
                || Duration.between(prunedAt, now).abs().compareTo(PRUNED_EVERY) >= 0;
        if (due && !objectives.isEmpty()) {
            SloTable.prune(tx, now);
            if (prunedAt.equals(Instant.MIN)) { // it looks at all counts, so once a start is enough
                SloTable.forgetEmpty(tx);
                take(SloTable.measures(tx));
            }
            prunedAt = now;
        }
    }

    private int id(Handle tx, Measure measure) {
        Integer known = ids.get(measure);
        if (known != null) {
            return known;
        }
        int next = nextId++;
        SloTable.add(tx, next, measure);
        ids.put(measure, next);
        return next;
    }

    /** The transaction holds: shows how objectives stand, unless that was done a moment ago. */
    public void committed(Instant now) {
        if (!durable) {
            return;
        }
        if (!shownAt.equals(Instant.MIN) && Duration.between(shownAt, now).abs().compareTo(SHOWN_EVERY) < 0) {
            return;
        }
        shownAt = now;
        // a gap until now is no good time, so it makes no difference to what was counted
        Instant end = seen.isAfter(now) ? seen : now;
        current = objectives.stream().map(o -> view(o, end)).toList();
    }

    private static SloView view(Objective objective, Instant end) {
        Slo slo = objective.slo();
        var rates = new LinkedHashMap<Duration, Double>();
        for (Slo.Burn burn : slo.burns()) {
            rates.put(burn.over(), slo.burnRate(objective.counted(), burn.over(), end));
            rates.put(burn.and(), slo.burnRate(objective.counted(), burn.and(), end));
        }
        return new SloView(
                objective.rule(),
                objective.series(),
                slo.objective(),
                slo.window(),
                slo.budgetLeft(objective.counted(), end),
                rates);
    }
}
