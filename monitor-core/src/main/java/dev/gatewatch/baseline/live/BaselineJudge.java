package dev.gatewatch.baseline.live;

import dev.gatewatch.baseline.Band;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.BaselineView;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what is usual for the latency and the errors of each series, and for what else rules ask for, and judges each run by it. Advances
 * before the judges that ask it. Confined to the evaluator's thread.
 *
 * <p>What is learnt is written every ten minutes, a few series a batch; after a restart the runs since then are learnt again from the journal.
 */
public final class BaselineJudge implements Judge, Learnt {
    private static final Logger LOG = LoggerFactory.getLogger(BaselineJudge.class);

    private static final Duration WRITTEN_EVERY = Duration.ofMinutes(10);
    private static final int MOST_WRITES = 100;

    /** After a longer standstill of ours what was not written is lost: an hour of learning. */
    private static final Duration LONGEST_MEMORY = Duration.ofHours(1);

    /** What nobody asks for any more is kept for so long: a probe or rule may come back. */
    private static final Duration KEPT = Duration.ofDays(30);

    private final BaselineSettings settings;
    private final Function<ProbeSpec, Set<Quantity>> asked;
    private final Unlearnt unlearnt;
    private final boolean durable;

    // working state, made by restore
    private Map<Series, Learner> all = Map.of();
    private final IdentityHashMap<Result, Map<Quantity, Judgement>> judged = new IdentityHashMap<>();
    private Duration memory = Duration.ZERO;

    /**
     * All that is learnt of one series.
     *
     * @param others what rules ask for beside the latency; none, as a rule
     */
    private record Learner(ProbeSpec spec, Learning latency, List<Learning> others) {
        Stream<Learning> learnings() {
            return Stream.concat(Stream.of(latency), others.stream());
        }

        Map<Quantity, Judgement> take(Result result, boolean learn) {
            if (others.isEmpty()) {
                return latency.take(result, learn).map(own -> Map.of(Quantity.LATENCY, own)).orElse(Map.of());
            }
            var said = new HashMap<Quantity, Judgement>();
            learnings().forEach(one -> one.take(result, learn).ifPresent(judgement -> said.put(one.quantity, judgement)));
            return said;
        }

        Optional<Learning> find(Quantity quantity) {
            return learnings().filter(l -> l.quantity.equals(quantity)).findFirst();
        }
    }

    private record Key(Series series, String quantity) {}

    /** A row of the table. */
    private static final class Stored {
        private final byte[] learnt;
        private final long learntTo;
        private final byte[] past;

        Stored(byte[] learnt, long learntTo, byte @Nullable [] past) {
            this.learnt = learnt;
            this.learntTo = learntTo;
            this.past = past == null ? new byte[0] : past;
        }
    }

    /**
     * A judge.
     *
     * @param settings for latencies in milliseconds; in the zone of probes that name none
     * @param asked what to learn of a series beside its latency and errors
     * @param unlearnt which runs are judged and not learnt
     */
    public BaselineJudge(BaselineSettings settings, Function<ProbeSpec, Set<Quantity>> asked, Unlearnt unlearnt) {
        this(settings, asked, unlearnt, true);
    }

    private BaselineJudge(
            BaselineSettings settings, Function<ProbeSpec, Set<Quantity>> asked, Unlearnt unlearnt, boolean durable) {
        this.settings = settings;
        this.asked = asked;
        this.unlearnt = unlearnt;
        this.durable = durable;
    }

    /** A judge of what is past: it learns and judges as any other, but neither reads nor writes the store. */
    public static BaselineJudge ofHistory(
            BaselineSettings settings, Function<ProbeSpec, Set<Quantity>> asked, Unlearnt unlearnt) {
        return new BaselineJudge(settings, asked, unlearnt, false);
    }

    @Override
    public void restore(Handle tx, Plan plan, Instant now) {
        long then = now.toEpochMilli();
        if (durable) {
            forget(tx, then - KEPT.toMillis());
        }
        Map<Key, Stored> stored = durable ? stored(tx) : Map.of();
        var restored = HashMap.<Series, Learner>newHashMap(plan.probes().size());
        plan.probes().forEach((series, spec) -> restored.put(
                series,
                new Learner(
                        spec,
                        learning(spec, Quantity.LATENCY, stored, then),
                        asked.apply(spec).stream()
                                .map(Quantity::home)
                                .filter(quantity -> !quantity.equals(Quantity.LATENCY))
                                .distinct()
                                .map(quantity -> learning(spec, quantity, stored, then))
                                .toList())));
        all = restored;
        judged.clear();
        long oldest = restored.values().stream()
                .flatMap(Learner::learnings)
                .mapToLong(Learning::learntTo)
                .filter(to -> to != Long.MIN_VALUE)
                .min()
                .orElse(then);
        Duration behind = Duration.ofMillis(Math.max(0, then - oldest)).plusMinutes(1);
        memory = behind.compareTo(LONGEST_MEMORY) < 0 ? behind : LONGEST_MEMORY;
    }

    private Learning learning(ProbeSpec spec, Quantity quantity, Map<Key, Stored> stored, long now) {
        Series series = spec.series();
        BaselineSettings own = quantity.settings(of(spec));
        Stored found = stored.get(new Key(series, quantity.key()));
        if (found == null) {
            return Learning.fresh(quantity, own);
        }
        try {
            var learning = new Learning(quantity, own, found.learnt, found.learntTo, Past.fromBytes(found.past));
            learning.writeAt = now + spread(series);
            return learning;
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "What was learnt of {} ({}) cannot be read, so it is learnt anew: {}",
                    series.display(),
                    quantity.code(),
                    e.getMessage());
            return Learning.fresh(quantity, own);
        }
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
        Learner learner = all.get(result.series());
        if (learner == null || !counts(result)) {
            return;
        }
        // which incidents were open then is not known any more: what failed is not learnt
        boolean learn = result.outcome() != Outcome.FAIL && !unlearnt.covers(learner.spec, result.startedAt());
        learner.learnings()
                .filter(learning -> result.startedAt().toEpochMilli() > learning.learntTo())
                .forEach(learning -> learning.take(result, learn));
    }

    @Override
    public void advance(Handle tx, List<Result> results, Instant now) {
        if (!judged.isEmpty()) {
            judged.clear();
        }
        for (Result result : results) {
            Learner learner = all.get(result.series());
            if (learner != null && counts(result)) {
                judged.put(result, learner.take(result, !unlearnt.covers(learner.spec, result.startedAt())));
            }
        }
        if (durable) {
            write(tx, now.toEpochMilli());
        }
    }

    private boolean counts(Result result) {
        return result.outcome() != Outcome.BROKEN && !unlearnt.ignores(result.startedAt());
    }

    private record Due(Series series, Learning learning) {}

    private void write(Handle tx, long now) {
        var due = new ArrayList<Due>();
        all.forEach((series, learner) -> learner.learnings().filter(learning -> learning.changed).forEach(learning -> {
            if (learning.writeAt == 0) {
                learning.writeAt = now + spread(series);
            } else if (now >= learning.writeAt && due.size() < MOST_WRITES) {
                due.add(new Due(series, learning));
            }
        }));
        if (due.isEmpty()) {
            return;
        }
        try (var batch = tx.prepareBatch("""
                INSERT INTO baseline (probe, region, location, quantity, learnt, learnt_to, past)
                VALUES (:probe, :region, :location, :quantity, :learnt, :to, :past)
                ON CONFLICT (probe, region, location, quantity)
                DO UPDATE SET learnt = excluded.learnt, learnt_to = excluded.learnt_to, past = excluded.past""")) {
            for (Due one : due) {
                Learning learning = one.learning();
                batch.bind("probe", one.series().probe())
                        .bind("region", one.series().region())
                        .bind("location", one.series().location())
                        .bind("quantity", learning.quantity.key())
                        .bind("learnt", learning.learnt())
                        .bind("to", learning.learntTo())
                        .bind("past", learning.past().toBytes())
                        .add();
                learning.changed = false;
                learning.writeAt = now + WRITTEN_EVERY.toMillis();
            }
            batch.execute();
        }
    }

    @Override
    public Optional<Judgement> judgement(Result result, Quantity quantity) {
        Quantity home = quantity.home();
        Judgement own = judged.getOrDefault(result, Map.of()).get(home);
        return own != null ? Optional.of(own) : find(result.series(), home).flatMap(Learning::latest);
    }

    @Override
    public Band usual(Series series, Instant at) {
        Learner learner = all.get(series);
        return learner == null ? Band.UNKNOWN : learner.latency.usual(at);
    }

    @Override
    public ZoneId zone(Series series) {
        Learner learner = all.get(series);
        return learner == null ? settings.zone() : learner.spec.zone().orElse(settings.zone());
    }

    /** By what a probe's latency is learnt. */
    private BaselineSettings of(ProbeSpec spec) {
        return spec.zone().map(settings::in).orElse(settings);
    }

    private Optional<Learning> find(Series series, Quantity quantity) {
        return Optional.ofNullable(all.get(series)).flatMap(learner -> learner.find(quantity));
    }

    /** What is known of a series at a moment, of its latency first. */
    public List<BaselineView> views(Series series, Instant at) {
        Learner learner = all.get(series);
        return learner == null
                ? List.of()
                : learner.learnings().map(learning -> learning.view(at)).toList();
    }

    private static void forget(Handle tx, long before) {
        tx.execute("DELETE FROM baseline WHERE learnt_to < ?", before);
    }

    private static Map<Key, Stored> stored(Handle tx) {
        return tx.createQuery("SELECT probe, region, location, quantity, learnt, learnt_to, past FROM baseline")
                .reduceResultSet(new HashMap<Key, Stored>(), (found, row, _) -> {
                    var series = new Series(row.getString("probe"), row.getString("region"), row.getString("location"));
                    found.put(
                            new Key(series, row.getString("quantity")),
                            new Stored(row.getBytes("learnt"), row.getLong("learnt_to"), row.getBytes("past")));
                    return found;
                });
    }

    /** How many runs are known of each series, for tests. */
    Map<Series, Long> learntRuns() {
        var runs = new HashMap<Series, Long>();
        all.forEach((series, learner) -> runs.put(series, learner.latency.runs()));
        return runs;
    }
}
