package dev.gatewatch.backtest;

import dev.gatewatch.alerting.replay.Nowhere;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.probe.Series;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Plays history to the daemon's own judges and finds which alerts would have fired.
 *
 * <p>One thread reads, others judge. Series that have nothing to do with each other are judged apart, each in its {@link Circle} and always
 * by the same worker; so it makes no difference on how many threads that is done, and how the series lie in the history.
 */
public final class Backtest {
    private final Setup setup;
    private final Progress progress;
    private final BooleanSupplier stopped;

    /**
     * A back-test.
     *
     * @param stopped whether the user wants no more of it; asked often
     */
    public Backtest(Setup setup, Progress progress, BooleanSupplier stopped) {
        this.setup = setup;
        this.progress = progress;
        this.stopped = stopped;
    }

    /**
     * Runs it.
     *
     * @param scores where each run's score is written, see {@link Scores}; closed in the end
     * @param pictured whether series are drawn afterwards
     * @throws Unusable where the history cannot be used
     * @throws Interrupted where it was stopped
     * @throws IOException where the history cannot be read
     */
    public Findings run(Source source, Optional<Writer> scores, boolean pictured) throws IOException {
        try (var nowhere = new Nowhere();
                Scores written = scores.isPresent() ? new Scores(scores.get(), setup.workers()) : null) {
            return run(
                    source,
                    new Stage(
                            nowhere,
                            BaselineSettings.latencyMillis().in(setup.zone()),
                            Optional.ofNullable(written),
                            new AtomicInteger(Recorder.MOST),
                            pictured));
        }
    }

    private Findings run(Source source, Stage stage) throws IOException {
        long begun = System.nanoTime();
        List<Worker> workers = IntStream.range(0, setup.workers()).mapToObj(Worker::new).toList();
        try {
            var cast = new Cast(setup, source.tellsOfOwnNetwork(), stage);
            var intake = new Intake(cast, workers, runs -> look(runs, source));
            workers.forEach(Worker::start);
            source.read(intake);
            if (intake.rows() == 0) {
                throw new Unusable(source.name() + " has no runs");
            }
            intake.end();
            for (Worker worker : workers) {
                while (!worker.ended()) {
                    look(intake.rows(), source);
                }
            }
            return findings(source, cast, intake, workers, Duration.ofNanos(System.nanoTime() - begun));
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private void look(long runs, Source source) {
        if (stopped.getAsBoolean()) {
            throw new Interrupted();
        }
        // what is read is not yet judged
        progress.at(runs, Math.min(0.99, source.done()));
    }

    private Findings findings(Source source, Cast cast, Intake intake, List<Worker> workers, Duration took) {
        List<Circle> circles = workers.stream().flatMap(w -> w.circles().stream()).toList();
        var sides = new ArrayList<Findings.Side>();
        for (int i = 0; i < setup.sides().size(); i++) {
            sides.add(side(i, circles));
        }
        var notes = new ArrayList<>(intake.notes());
        notes.addAll(cast.notes());
        sides.stream().filter(side -> !side.more().isEmpty()).forEach(side -> notes.add(
                "there are more than " + Recorder.MOST + " alerts; of " + side.name() + " those beyond are counted, not listed"));
        return new Findings(
                source.name(),
                Instant.ofEpochMilli(intake.first()),
                Instant.ofEpochMilli(intake.last()),
                intake.rows(),
                (int) cast.members().stream().filter(member -> member.runs > 0).count(),
                sides,
                tracks(cast, sides),
                notes,
                took);
    }

    private Findings.Side side(int i, List<Circle> circles) {
        var alerts = new ArrayList<Happening>();
        Map<String, Long> more = new HashMap<>();
        for (Circle circle : circles) {
            circle.recorder(i).ifPresent(recorder -> {
                recorder.all().stream().filter(alert -> circle.isAbout(alert.series())).forEach(alerts::add);
                recorder.more().forEach((rule, n) -> more.merge(rule, n, Long::sum));
            });
        }
        alerts.sort(Comparator.comparing(Happening::firedAt)
                .thenComparing(alert -> alert.series().display())
                .thenComparing(Happening::rule));
        Setup.Side side = setup.sides().get(i);
        return new Findings.Side(
                side.name(), side.rules().stream().map(rule -> rule.name()).toList(), alerts, more);
    }

    private static Map<Series, Track> tracks(Cast cast, List<Findings.Side> sides) {
        Set<Series> alerted = new HashSet<>();
        sides.forEach(side -> side.alerts().forEach(alert -> alerted.add(alert.series())));
        var tracks = new LinkedHashMap<Series, Track>();
        for (Member member : cast.members()) {
            Track track = member.track;
            if (track != null && alerted.contains(member.series)) {
                tracks.put(member.series, track);
            }
        }
        return tracks;
    }
}
