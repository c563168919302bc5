package dev.gatewatch.alerting.change;

import dev.gatewatch.change.Bounds;
import dev.gatewatch.change.Comparison;
import dev.gatewatch.change.Comparison.Subject;
import dev.gatewatch.change.ComparisonJson;
import dev.gatewatch.change.Runs;
import dev.gatewatch.change.Span;
import dev.gatewatch.change.Usual;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Store;
import dev.gatewatch.view.ChangeView;
import dev.gatewatch.view.ChangeView.State;
import dev.gatewatch.view.SeriesView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Compares what was before a change with what follows it, from the journal, when somebody asks. Once the time to watch is over the result is
 * kept, so that it outlives the journal's runs. Safe for many threads; comparisons are made one after the other.
 */
public final class Reviews {
    /** How much of the past tells how a series scatters. */
    private static final Duration PAST = Duration.ofDays(7);

    private static final int MOST_RUNS = 20_000;
    private static final int LEAST_RUNS = 2_000;
    private static final int MOST_RUNS_IN_ALL = 2_000_000;

    /** A page that is looked at again and again is not worth a comparison each time. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** Shorter, a change is watched only where somebody says so: much of what a release breaks shows after minutes only. */
    static final Duration LEAST_WATCH = Duration.ofMinutes(10);

    /** A probe that would take longer to be judged is not waited for where nobody says so. */
    static final Duration LONGEST_WAIT = Duration.ofHours(2);

    private final Store store;
    private final Changes changes;
    private final Supplier<List<SeriesView>> watched;
    private final Supplier<Bounds> bounds;
    private final Function<Series, Usual> usual;

    // held while one comparison is made, which reads the store but writes nothing
    private final ReentrantLock comparing = new ReentrantLock();
    private final Map<String, Fresh> fresh = new ConcurrentHashMap<>();

    private record Fresh(Instant at, ChangeView of, Comparison comparison) {}

    /**
     * Reviews of these changes.
     *
     * @param watched all series of the running configuration
     * @param usual what is known of a series' week; called for each comparison, the answer is used on one thread
     */
    public Reviews(
            Store store,
            Changes changes,
            Supplier<List<SeriesView>> watched,
            Supplier<Bounds> bounds,
            Function<Series, Usual> usual) {
        this.store = store;
        this.changes = changes;
        this.watched = watched;
        this.bounds = bounds;
        this.usual = usual;
    }

    /** All changes with the verdicts of those that are over, newest first. */
    public List<ChangeView> all(Instant now) {
        for (ChangeView change : changes.all()) {
            if (change.verdict().isEmpty() && change.state(now) == State.OVER) {
                of(change, now);
            }
        }
        return changes.all();
    }

    /**
     * What became of the probes with a change, as far as it can be seen now.
     *
     * @throws IllegalArgumentException where it has been going on for so long that nothing before it is kept
     */
    public Comparison of(ChangeView change, Instant now) {
        Optional<Comparison> kept = changes.compared(change.id()).map(ComparisonJson::parse);
        if (kept.isPresent()) {
            return kept.get();
        }
        comparing.lock();
        try {
            Fresh known = fresh.get(change.id());
            boolean over = change.state(now) == State.OVER;
            if (known != null && known.of.equals(change) && !over && now.isBefore(known.at.plus(FRESH)) && !now.isBefore(known.at)) {
                return known.comparison;
            }
            Comparison comparison = compare(change, now);
            fresh.values().removeIf(f -> now.isAfter(f.at.plus(FRESH)));
            if (over) {
                changes.keep(change.id(), comparison.verdict(), ComparisonJson.toJson(comparison).toString());
            } else {
                fresh.put(change.id(), new Fresh(now, change, comparison));
            }
            return comparison;
        } finally {
            comparing.unlock();
        }
    }

    /** For how long what follows a change is watched where nobody says so: as long as is {@linkplain #enough enough}, and ten minutes at least. */
    public Duration watch(ChangeView change) {
        return longer(LEAST_WATCH, enough(change));
    }

    /** After how long the slowest of its probes that can be called the same within two hours can be. */
    public Duration enough(ChangeView change) {
        Bounds matters = bounds.get();
        return about(change).stream()
                .map(series -> matters.timeToTell(series.interval()))
                .filter(time -> time.compareTo(LONGEST_WAIT) <= 0)
                .reduce(Duration.ZERO, Reviews::longer);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private List<SeriesView> about(ChangeView change) {
        return watched.get().stream().filter(s -> change.isAbout(s::property)).toList();
    }

    private Comparison compare(ChangeView change, Instant now) {
        Span span = span(change, now);
        List<SeriesView> about = about(change);
        int limit = Math.clamp(MOST_RUNS_IN_ALL / Math.max(1, about.size()), LEAST_RUNS, MOST_RUNS);
        return store.read(handle -> {
            var subjects = new ArrayList<Subject>();
            for (SeriesView series : about) {
                Span own = narrowed(span, change, series);
                subjects.add(new Subject(series.series(), runs(handle, series.series(), own, limit), own, usual.apply(series.series())));
            }
            return Comparison.of(span, subjects, bounds.get());
        });
    }

    /** While it goes on, what runs since it began is the after, so that its effect can be watched. */
    private static Span span(ChangeView change, Instant now) {
        long began = change.beganAt().toEpochMilli();
        long from = change.endedAt().map(Instant::toEpochMilli).orElse(began);
        long to = Math.min(now.toEpochMilli(), change.watchedUntil().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE));
        return new Span(Long.MIN_VALUE, began, from, Math.max(from, to));
    }

    /** Another change of the same probe ends the before, or the after. */
    private Span narrowed(Span span, ChangeView change, SeriesView series) {
        long earliest = span.earliest();
        long to = span.to();
        for (ChangeView other : changes.all()) {
            if (other.id().equals(change.id()) || !other.isAbout(series::property)) {
                continue;
            }
            long began = other.beganAt().toEpochMilli();
            long ended = other.endedAt().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
            if (ended <= span.changed()) {
                earliest = Math.max(earliest, ended);
            } else if (began >= span.from()) {
                to = Math.min(to, began);
            }
        }
        return new Span(earliest, span.changed(), span.from(), Math.max(span.from(), to));
    }

    private Runs runs(Handle handle, Series series, Span span, int limit) {
        var runs = new Runs();
        store.journal().samples(
                handle,
                series,
                Instant.ofEpochMilli(span.changed()).minus(PAST),
                Instant.ofEpochMilli(span.to()),
                limit,
                (at, micros, outcome) -> {
                    if (outcome != Outcome.BROKEN) {
                        runs.add(at, micros / 1e3, outcome == Outcome.FAIL);
                    }
                });
        return runs;
    }
}
