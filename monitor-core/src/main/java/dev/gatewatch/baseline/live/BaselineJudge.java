package dev.gatewatch.baseline.live;

import dev.gatewatch.baseline.Band;
import dev.gatewatch.baseline.Baseline;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what is usual for the latency and the errors of each series, and judges each run by it. Advances before the judges that ask it.
 * Confined to the evaluator's thread.
 *
 * <p>What is learnt is written every ten minutes, a few series a batch; after a restart the runs since then are learnt again from the journal.
 */
public final class BaselineJudge implements Judge {
    private static final Logger LOG = LoggerFactory.getLogger(BaselineJudge.class);

    private static final Duration WRITTEN_EVERY = Duration.ofMinutes(10);
    private static final int MOST_WRITES = 100;

    /** After a longer standstill of ours what was not written is lost: an hour of learning. */
    private static final Duration LONGEST_MEMORY = Duration.ofHours(1);

    private final BaselineSettings settings;
    private final Supplier<Set<Series>> exempt;
    private final boolean durable;

    // working state, made by restore
    private Map<Series, Learning> all = Map.of();
    private final IdentityHashMap<Result, Judgement> judged = new IdentityHashMap<>();
    private Duration memory = Duration.ZERO;

    /** One series' baseline. */
    private static final class Learning {
        private final Baseline baseline;
        private long learntTo;
        private long writeAt;
        private boolean changed;
        private @Nullable Judgement latest;

        Learning(Baseline baseline, long learntTo) {
            this.baseline = baseline;
            this.learntTo = learntTo;
        }

        Judgement take(Result result, boolean learn) {
            learntTo = Math.max(learntTo, result.startedAt().toEpochMilli());
            changed = true;
            double millis = result.duration().toNanos() / 1e6;
            Judgement judgement = baseline.observe(
                    result.startedAt(), millis, result.outcome() != Outcome.FAIL, learn);
            latest = judgement;
            return judgement;
        }
    }

    /**
     * A judge.
     *
     * @param settings for latencies in milliseconds
     * @param exempt series whose runs are judged and not learnt at present: those in an incident or in maintenance; asked once a batch
     */
    public BaselineJudge(BaselineSettings settings, Supplier<Set<Series>> exempt) {
        this(settings, exempt, true);
    }

    private BaselineJudge(BaselineSettings settings, Supplier<Set<Series>> exempt, boolean durable) {
        this.settings = settings;
        this.exempt = exempt;
        this.durable = durable;
    }

    /** A judge of what is past: it learns and judges as any other, but neither reads nor writes the store. */
    public static BaselineJudge ofHistory(BaselineSettings settings, Supplier<Set<Series>> exempt) {
        return new BaselineJudge(settings, exempt, false);
    }

    @Override
    public void restore(Handle tx, Plan plan, Instant now) {
        var restored = new LinkedHashMap<Series, Learning>();
        plan.probes().keySet().forEach(series -> restored.put(series, new Learning(Baseline.fresh(settings), Long.MIN_VALUE)));
        long oldest = now.toEpochMilli();
        for (Stored stored : durable ? stored(tx, settings) : List.<Stored>of()) {
            if (restored.containsKey(stored.series())) {
                Learning learning = stored.learning();
                learning.writeAt = now.toEpochMilli() + spread(stored.series());
                restored.put(stored.series(), learning);
                oldest = Math.min(oldest, learning.learntTo);
            }
        }
        all = restored;
        judged.clear();
        Duration behind = Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest)).plusMinutes(1);
        memory = behind.compareTo(LONGEST_MEMORY) < 0 ? behind : LONGEST_MEMORY;
    }

    /** So that series are not all written in one batch. */
    private static long spread(Series series) {
        return Math.floorMod(series.hashCode(), WRITTEN_EVERY.toMillis());
    }

    @Override
    public Duration memory() {
        return memory;
    }

    @Override
    public void remember(Result result) {
        Learning learning = all.get(result.series());
        if (learning != null && result.outcome() != Outcome.BROKEN && result.startedAt().toEpochMilli() > learning.learntTo) {
            // which incidents were open then is not known any more: what failed is not learnt
            learning.take(result, result.outcome() != Outcome.FAIL);
        }
    }

    @Override
    public void advance(Handle tx, List<Result> results, Instant now) {
        if (!judged.isEmpty()) {
            judged.clear();
        }
        Set<Series> unlearnt = exempt.get();
        for (Result result : results) {
            Learning learning = all.get(result.series());
            if (learning != null && result.outcome() != Outcome.BROKEN) {
                judged.put(result, learning.take(result, !unlearnt.contains(result.series())));
            }
        }
        if (durable) {
            write(tx, now.toEpochMilli());
        }
    }

    private void write(Handle tx, long now) {
        var due = new ArrayList<Map.Entry<Series, Learning>>();
        for (Map.Entry<Series, Learning> entry : all.entrySet()) {
            Learning learning = entry.getValue();
            if (learning.changed && learning.writeAt == 0) {
                learning.writeAt = now + spread(entry.getKey());
            } else if (learning.changed && now >= learning.writeAt && due.size() < MOST_WRITES) {
                due.add(entry);
            }
        }
        if (due.isEmpty()) {
            return;
        }
        try (var batch = tx.prepareBatch("INSERT INTO baseline (probe, region, location, learnt, learnt_to) VALUES (:probe, :region, :location,"
                + " :learnt, :to) ON CONFLICT (probe, region, location) DO UPDATE SET learnt = excluded.learnt, learnt_to = excluded.learnt_to")) {
            for (Map.Entry<Series, Learning> entry : due) {
                Series series = entry.getKey();
                Learning learning = entry.getValue();
                batch.bind("probe", series.probe())
                        .bind("region", series.region())
                        .bind("location", series.location())
                        .bind("learnt", learning.baseline.toBytes())
                        .bind("to", learning.learntTo)
                        .add();
                learning.changed = false;
                learning.writeAt = now + WRITTEN_EVERY.toMillis();
            }
            batch.execute();
        }
    }

    /** What a run's baseline said of it: of a run of this batch, else the latest of its series. */
    public Optional<Judgement> judgement(Result result) {
        Judgement own = judged.get(result);
        if (own != null) {
            return Optional.of(own);
        }
        Learning learning = all.get(result.series());
        return learning == null ? Optional.empty() : Optional.ofNullable(learning.latest);
    }

    /** The usual latency of a series, in milliseconds, now. */
    public Band usual(Series series, Instant now) {
        Learning learning = all.get(series);
        return learning == null ? Band.UNKNOWN : learning.baseline.band(now.toEpochMilli());
    }

    private record Stored(Series series, Learning learning) {}

    private static Learning read(Series series, byte[] learnt, long learntTo, BaselineSettings settings) {
        try {
            return new Learning(Baseline.fromBytes(settings, learnt), learntTo);
        } catch (IllegalArgumentException e) {
            LOG.warn("What was learnt of {} cannot be read, so it is learnt anew: {}", series.display(), e.getMessage());
            return new Learning(Baseline.fresh(settings), Long.MIN_VALUE);
        }
    }

    private static List<Stored> stored(Handle tx, BaselineSettings settings) {
        return tx.createQuery("SELECT probe, region, location, learnt, learnt_to FROM baseline")
                .map((row, _) -> {
                    var series = new Series(row.getString("probe"), row.getString("region"), row.getString("location"));
                    return new Stored(series, read(series, row.getBytes("learnt"), row.getLong("learnt_to"), settings));
                })
                .list();
    }

    /** All series with what is known of them, for tests. */
    Map<Series, Long> learntRuns() {
        var runs = new HashMap<Series, Long>();
        all.forEach((series, learning) -> runs.put(series, learning.baseline.runs()));
        return runs;
    }
}
