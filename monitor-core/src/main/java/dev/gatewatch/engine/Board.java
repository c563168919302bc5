package dev.gatewatch.engine;

import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Cursor;
import dev.gatewatch.store.Journal;
import dev.gatewatch.store.State;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.BaselineView;
import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The judge that judges nothing: it keeps the picture of every series and publishes a {@link Snapshot} after each batch. It advances
 * last, so that the picture shows what the other judges decided. One board lasts as long as its engine, over reloads.
 *
 * <p>{@link #current} is safe for many threads, the rest is confined to the evaluator's thread.
 */
public final class Board implements Judge {
    /** Fewer passing runs than this say nothing about what is usual. */
    private static final int ENOUGH = 10;

    private static final Duration REFRESHED = Duration.ofMinutes(10);

    private static final String NAMESPACE = "board";

    private final Journal journal;
    private final Supplier<List<AlertView>> alerts;
    private final Supplier<List<ChannelView>> channels;
    private final Usual usual;

    private volatile Snapshot current = Snapshot.empty(Instant.EPOCH);

    // confined to the evaluator's thread
    private Map<Series, Track> tracks = new LinkedHashMap<>();
    private final Set<Series> uncommitted = new HashSet<>();
    private Instant now = Instant.EPOCH;
    private Instant refreshAt = Instant.MIN;

    /**
     * A board.
     *
     * @param alerts called after each batch, once the other judges know that it holds; quick
     * @param channels likewise
     */
    public Board(Journal journal, Supplier<List<AlertView>> alerts, Supplier<List<ChannelView>> channels) {
        this(journal, alerts, channels, (_, _) -> List.of());
    }

    /**
     * A board that shows what is learnt.
     *
     * @param usual asked after a batch, on the evaluator's thread, of each series that has run, and of all now and then
     */
    public Board(Journal journal, Supplier<List<AlertView>> alerts, Supplier<List<ChannelView>> channels, Usual usual) {
        this.journal = journal;
        this.alerts = alerts;
        this.channels = channels;
        this.usual = usual;
    }

    /** What baselines know of a series. */
    @FunctionalInterface
    public interface Usual {
        /** As it stands at a moment, latency first; empty where nothing is learnt. */
        List<BaselineView> of(Series series, Instant at);
    }

    /** The picture after the latest batch; an empty one before the first. */
    public Snapshot current() {
        return current;
    }

    /** What is known of one series. */
    private static final class Track {
        private final ProbeSpec spec;
        private final ArrayDeque<SeriesView.Point> recent = new ArrayDeque<>(SeriesView.RECENT + 1);
        private @Nullable Result last;
        private @Nullable Instant stateSince;
        private @Nullable SeriesView view;

        Track(ProbeSpec spec) {
            this.spec = spec;
        }

        /** Takes the next result; whether its outcome is another than before. */
        boolean add(Result result) {
            boolean turned = last == null || last.outcome() != result.outcome();
            if (turned) {
                stateSince = result.startedAt();
            }
            last = result;
            recent.addLast(new SeriesView.Point(result.startedAt(), result.duration(), result.outcome()));
            if (recent.size() > SeriesView.RECENT) {
                recent.removeFirst();
            }
            view = null;
            return turned;
        }

        SeriesView view(Usual learnt, Instant at) {
            if (view == null) {
                view = new SeriesView(
                        spec.series(),
                        spec.type().name(),
                        spec.probe().target(),
                        spec.labels(),
                        spec.interval(),
                        spec.timeout(),
                        Optional.ofNullable(last),
                        Optional.ofNullable(stateSince),
                        List.copyOf(recent),
                        usual(),
                        spec.type().facts(),
                        spec.type().phaseMetric(),
                        last == null ? List.of() : learnt.of(spec.series(), at));
            }
            return view;
        }

        private Optional<Duration> usual() {
            List<Duration> passing = recent.stream()
                    .filter(point -> point.outcome() == Outcome.PASS)
                    .map(SeriesView.Point::latency)
                    .sorted()
                    .toList();
            return passing.size() < ENOUGH ? Optional.empty() : Optional.of(passing.get(passing.size() / 2));
        }

        Track under(ProbeSpec changed) {
            var track = new Track(changed);
            track.recent.addAll(recent);
            track.last = last;
            track.stateSince = stateSince;
            return track;
        }
    }

    @Override
    public void restore(Handle tx, Plan plan, Instant now) {
        Map<String, byte[]> turns = State.all(tx, NAMESPACE);
        long cursor = Cursor.read(tx);
        var restored = new LinkedHashMap<Series, Track>();
        var keys = new HashSet<String>();
        plan.probes().forEach((series, spec) -> {
            keys.add(key(series));
            Track known = tracks.get(series);
            // what is committed still holds after a reload or a failed batch
            restored.put(
                    series,
                    known != null && !uncommitted.contains(series)
                            ? known.under(spec)
                            : load(tx, spec, cursor, turns.get(key(series))));
        });
        turns.keySet().stream().filter(key -> !keys.contains(key)).forEach(key -> State.delete(tx, NAMESPACE, key));
        tracks = restored;
        uncommitted.clear();
    }

    @Override
    public void advance(Handle tx, List<Result> results, Instant now) {
        this.now = now;
        var turned = new HashMap<Series, Track>();
        for (Result result : results) {
            Track track = tracks.get(result.series());
            if (track != null) {
                uncommitted.add(result.series());
                if (track.add(result)) {
                    turned.put(result.series(), track);
                }
            }
        }
        turned.forEach((series, track) -> State.put(tx, NAMESPACE, key(series), turn(track)));
    }

    @Override
    public void committed() {
        uncommitted.clear();
        if (!now.isBefore(refreshAt) || now.plus(REFRESHED).isBefore(refreshAt)) {
            // what is usual changes with the time of day, also where no run comes
            tracks.values().forEach(track -> track.view = null);
            refreshAt = now.plus(REFRESHED);
        }
        var views = new ArrayList<SeriesView>(tracks.size());
        tracks.values().forEach(track -> views.add(track.view(usual, now)));
        current = new Snapshot(now, views, alerts.get(), channels.get());
    }

    private Track load(Handle tx, ProbeSpec spec, long cursor, byte @Nullable [] turn) {
        var track = new Track(spec);
        journal.latest(tx, spec.series(), cursor, SeriesView.RECENT).forEach(entry -> track.add(entry.result()));
        // the recent runs may not reach back to where the present outcome began
        if (track.last != null && turn != null) {
            String[] outcomeAndTime = new String(turn, StandardCharsets.UTF_8).split(" ");
            if (outcomeAndTime[0].equals(track.last.outcome().code())) {
                track.stateSince = Instant.ofEpochMilli(Long.parseLong(outcomeAndTime[1]));
            }
        }
        return track;
    }

    private static byte[] turn(Track track) {
        if (track.last == null || track.stateSince == null) {
            throw new IllegalStateException("a series without a run cannot have turned");
        }
        return (track.last.outcome().code() + " " + track.stateSince.toEpochMilli()).getBytes(StandardCharsets.UTF_8);
    }

    /** Names hold no slash, so no two series share a key. */
    private static String key(Series series) {
        return series.probe() + "/" + series.region() + "/" + series.location();
    }
}
