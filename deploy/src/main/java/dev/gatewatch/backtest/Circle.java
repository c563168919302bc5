package dev.gatewatch.backtest;

import dev.gatewatch.alerting.replay.AnyType;
import dev.gatewatch.alerting.replay.Replay;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.config.Durations;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Series that are judged together, since they are regions of one probe or depend on each other; most stand alone. Brings their runs into
 * the order in which they ended, as the daemon's journal has them, and plays them to the judges of each configuration. Confined to its
 * worker.
 */
final class Circle {
    /** Where neither the configuration nor the runs tell. */
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** So many runs tell the interval of a series that no configuration has. */
    private static final int TELLING = 12;

    private static final int MOST_WAITING = 1_000_000;

    /** On which worker's thread. */
    final int worker;

    private final Setup setup;
    private final List<List<ProbeSpec>> configured;
    private final Stage stage;
    private final long window;

    private final Map<Series, Member> members = new LinkedHashMap<>();
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private final Set<Series> planned = new LinkedHashSet<>();
    private final List<Replay> replays = new ArrayList<>();
    private final List<Recorder> recorders = new ArrayList<>();
    private long latest = Long.MIN_VALUE;
    private long arrivals;
    private boolean begun;

    /** A run that waits for others that ended before it and may come later. */
    private record Waiting(Member member, Result result, long startedAt, long endMicros, long arrival)
            implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return endMicros != other.endMicros
                    ? Long.compare(endMicros, other.endMicros)
                    : Long.compare(arrival, other.arrival);
        }
    }

    /** @param configured what each configuration has of it */
    Circle(Setup setup, List<List<ProbeSpec>> configured, Stage stage, int worker) {
        this.setup = setup;
        this.configured = List.copyOf(configured);
        this.stage = stage;
        this.worker = worker;
        this.window = setup.reorder().toMillis();
    }

    /** Whether it can still take this series in; one that comes when its judges are at work has to be judged apart. */
    boolean takes(Member member) {
        return !begun || planned.contains(member.series);
    }

    /** One for a series that it cannot take in. */
    Circle apart() {
        return new Circle(setup, configured.stream().map(_ -> List.<ProbeSpec>of()).toList(), stage, worker);
    }

    /**
     * Takes a run.
     *
     * @throws Unusable where it comes too late
     */
    void take(Member member, long startedAt, long nanos, Report report, long place) {
        if (latest != Long.MIN_VALUE && startedAt < latest - window) {
            throw new Unusable(late(member, startedAt, place));
        }
        latest = Math.max(latest, startedAt);
        if (member.runs++ == 0) {
            members.put(member.series, member);
        }
        var result = new Result(
                member.series,
                member.typeName,
                member.target,
                Instant.ofEpochMilli(startedAt),
                Duration.ofNanos(nanos),
                report);
        waiting.add(new Waiting(member, result, startedAt, startedAt * 1_000 + nanos / 1_000, arrivals++));
        if (waiting.size() > MOST_WAITING) {
            throw new Unusable("more than " + MOST_WAITING + " runs of " + member.series.display()
                    + " lie within " + Durations.format(setup.reorder()) + " (--reorder)");
        }
        if (begun || arrivals >= TELLING || setup.interval().isPresent() || member.configured.stream().allMatch(Optional::isPresent)) {
            release((latest - window) * 1_000);
        }
    }

    private String late(Member member, long startedAt, long place) {
        return (place > 0 ? "line " + place + ": " : "") + "the run of " + member.series.display() + " at "
                + Instant.ofEpochMilli(startedAt) + " comes after one at " + Instant.ofEpochMilli(latest)
                + "; runs may come late by " + Durations.format(setup.reorder())
                + ". Sort the history by time, or allow more with --reorder";
    }

    /** All runs are there, and history ends. */
    void end(Instant at) {
        release(Long.MAX_VALUE);
        replays.forEach(replay -> replay.pass(at));
    }

    private void release(long endMicros) {
        for (Waiting next = waiting.peek(); next != null && next.endMicros <= endMicros; next = waiting.peek()) {
            if (!begun) {
                begin();
            }
            waiting.poll();
            play(next);
        }
    }

    private void begin() {
        begun = true;
        for (int i = 0; i < setup.sides().size(); i++) {
            var specs = new LinkedHashMap<Series, ProbeSpec>();
            configured.get(i).forEach(spec -> specs.put(spec.series(), spec));
            for (Member member : members.values()) {
                spec(member, i).ifPresent(spec -> specs.putIfAbsent(member.series, spec));
            }
            Setup.Side side = setup.sides().get(i);
            boolean first = i == 0;
            var recorder = new Recorder(side.maintenance(), stage.room(), (series, change) -> {
                Member member = members.get(series);
                if (first && member != null) {
                    member.firing += change;
                }
            });
            recorders.add(recorder);
            replays.add(new Replay(
                    stage.nowhere(),
                    new Plan(List.copyOf(specs.values())),
                    side.rules(),
                    stage.learning(),
                    side.maintenance()::covers,
                    recorder));
            planned.addAll(specs.keySet());
        }
        planned.addAll(members.keySet());
    }

    private Optional<ProbeSpec> spec(Member member, int i) {
        boolean judged = setup.unknown() == Setup.Unknown.JUDGED || setup.sides().get(i).plan().probes().isEmpty();
        return member.configured.get(i).or(() -> judged ? Optional.of(found(member)) : Optional.empty());
    }

    private ProbeSpec found(Member member) {
        Duration interval = setup.interval().orElseGet(() -> interval(member));
        return new ProbeSpec(
                member.series,
                member.type,
                new LinkedHashMap<>(member.labels),
                interval,
                interval,
                new AnyType.Idle(member.target),
                member.series.display());
    }

    /** The usual time between the runs that wait. */
    private Duration interval(Member member) {
        long[] starts = waiting.stream()
                .filter(run -> run.member == member)
                .mapToLong(Waiting::startedAt)
                .sorted()
                .toArray();
        long[] gaps = new long[Math.max(0, starts.length - 1)];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = starts[i + 1] - starts[i];
        }
        if (gaps.length == 0) {
            return INTERVAL;
        }
        Arrays.sort(gaps);
        Duration usual = Duration.ofSeconds(Math.round(gaps[gaps.length / 2] / 1e3));
        return usual.compareTo(SHORTEST) < 0 ? SHORTEST : usual.compareTo(LONGEST) > 0 ? LONGEST : usual;
    }

    private void play(Waiting run) {
        Member member = run.member;
        Result result = run.result;
        for (Replay replay : replays) {
            replay.take(result);
        }
        Replay first = replays.getFirst();
        if (stage.scores().isPresent()) {
            double score = first.judgement(result).map(Judgement::score).orElse(Double.NaN);
            stage.scores().get().add(worker, run.startedAt, member.series.display(), score, member.firing > 0);
        }
        if (stage.pictured() && result.outcome() != Outcome.BROKEN) {
            Track track = member.track;
            if (track == null) {
                track = new Track(run.startedAt);
                member.track = track;
            }
            track.add(
                    run.startedAt,
                    result.duration().toNanos() / 1e6,
                    result.outcome() != Outcome.FAIL,
                    at -> first.usual(member.series, Instant.ofEpochMilli(at)));
        }
    }

    /** What was noted under one configuration. */
    Optional<Recorder> recorder(int side) {
        return recorders.isEmpty() ? Optional.empty() : Optional.of(recorders.get(side));
    }

    /** Whether an alert is about runs that were there: nothing is known of a series that history does not have. */
    boolean isAbout(Series series) {
        return members.containsKey(series) || !planned.contains(series);
    }
}
