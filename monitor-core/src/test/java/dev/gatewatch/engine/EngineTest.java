package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.FakeProbe;
import dev.gatewatch.kit.FakeScheduler;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Journal;
import dev.gatewatch.view.SeriesView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole engine on a real store, with time as a value. */
final class EngineTest {
    private static final Series A = new Series("a", "", "dc1");
    private static final Series B = new Series("b", "", "dc1");
    private static final Series C = new Series("c", "eu", "dc1");
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final TestStore store = new TestStore();

    private final FakeClock clock = new FakeClock();
    private final CountingMetrics metrics = new CountingMetrics();
    private final List<Engine> engines = new ArrayList<>();
    private FakeScheduler scheduler = new FakeScheduler(clock);
    private Board board;

    @AfterEach
    void close() {
        engines.forEach(Engine::close);
    }

    @Test
    void everyProbeRunsOncePerIntervalAndShowsOnTheBoard() {
        var a = FakeProbe.passing();
        var b = new FakeProbe(_ -> Report.builder().fail(Cause.HTTP_STATUS, "status 500").build());
        start(a.spec(A, TEN_SECONDS), b.spec(B, TEN_SECONDS));
        for (int i = 1; i <= 3; i++) {
            int runs = i;
            scheduler.advance(TEN_SECONDS);
            Waiting.await().until(() -> recent(A) == runs && recent(B) == runs);
        }

        assertThat(view(A).last().orElseThrow().outcome()).isEqualTo(Outcome.PASS);
        assertThat(view(B).last().orElseThrow().report().cause()).contains(Cause.HTTP_STATUS);
        assertThat(view(B).stateSince()).contains(view(B).recent().getFirst().at());
        assertThat(board.current().probes()).extracting(SeriesView::series).containsExactly(A, B);
        assertThat(metrics.skipped).isEmpty();
    }

    @Test
    void aProbeOfALongIntervalRunsSoonOnceAndThenOnItsGrid() {
        var probe = FakeProbe.passing();
        start(probe.spec(A, HOUR));
        Waiting.await().until(() -> board.current().probes().size() == 1);
        assertThat(view(A).last()).isEmpty();

        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> recent(A) == 1);
        scheduler.advance(HOUR);
        Waiting.await().until(() -> recent(A) == 2);
        scheduler.advance(HOUR);
        Waiting.await().until(() -> recent(A) == 3);

        assertThat(probe.runs()).isEqualTo(3);
    }

    @Test
    void aRunThatIsAskedForComesBesideTheSchedule() {
        var probe = FakeProbe.passing();
        Engine engine = start(probe.spec(A, HOUR));
        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> recent(A) == 1);

        engine.reruns().soon(A);
        engine.reruns().soon(new Series("gone", "", "dc1"));

        Waiting.await().until(() -> recent(A) == 2);
    }

    @Test
    void aReloadTakesUpNewDependenciesOfAnUndisturbedProbe() {
        var a = FakeProbe.passing();
        Engine engine = start(a.spec(A, HOUR));
        var judge = new Watcher();

        engine.reload(new Plan(List.of(a.spec(A, HOUR).dependingOn(java.util.Set.of("b")))), List.of(judge));

        assertThat(judge.plan.find(A).orElseThrow().dependsOn()).containsExactly("b");
        assertThat(a.closed()).isZero();
    }

    /** Sees the plan that judges are given. */
    private static final class Watcher implements Judge {
        private Plan plan = new Plan(List.of());

        @Override
        public void restore(Handle tx, Plan restored, Instant now) {
            plan = restored;
        }

        @Override
        public void advance(Handle tx, List<Result> results, Instant now) {}
    }

    @Test
    void aStallOfTheMachineIsFollowedByOneRun() {
        var probe = FakeProbe.passing();
        start(probe.spec(A, TEN_SECONDS));
        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> recent(A) == 1);
        scheduler.stall(HOUR);
        Waiting.await().until(() -> recent(A) == 2);
        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> recent(A) == 3);

        assertThat(probe.runs()).isEqualTo(3);
    }

    @Test
    void aReloadLeavesUnchangedProbesAloneAndClosesWhatIsNotUsed() {
        var a = FakeProbe.passing();
        var b = FakeProbe.passing();
        var c = FakeProbe.passing();
        Engine engine = start(a.spec(A, HOUR), b.spec(B, HOUR), c.spec(C, HOUR));
        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> recent(A) + recent(B) + recent(C) == 3);
        SeriesView before = view(A);

        var a2 = FakeProbe.passing();
        var b2 = FakeProbe.passing();
        engine.reload(
                new Plan(List.of(
                        b2.spec(B, HOUR, Duration.ofSeconds(3), Map.of("team", "core")), a2.spec(A, HOUR))),
                List.of());
        Waiting.await().until(() -> board.current().probes().size() == 2);

        assertThat(a.closed()).isZero();
        assertThat(a2.closed()).as("not needed").isEqualTo(1);
        assertThat(b.closed()).as("changed").isEqualTo(1);
        assertThat(c.closed()).as("removed").isEqualTo(1);
        assertThat(board.current().probes()).extracting(SeriesView::series).containsExactly(B, A);
        assertThat(view(A)).isEqualTo(before);
        assertThat(view(B).labels()).containsEntry("team", "core");
        assertThat(view(B).recent()).as("its past is kept").hasSize(1);
        assertThat(scheduler.keys()).noneMatch(key -> key.startsWith("c/"));

        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> b2.runs() == 1);
        assertThat(a.runs()).as("its timer was kept").isEqualTo(1);
        scheduler.advance(HOUR);
        Waiting.await().until(() -> a.runs() == 2 && b2.runs() == 2);
        assertThat(a2.runs() + b.runs() + c.runs()).isEqualTo(2);
    }

    @Test
    void aChangedProbeIsClosedAfterTheRunThatGoesOn() {
        var go = new Semaphore(0);
        var old = new FakeProbe(_ -> {
            go.acquire();
            return Report.builder().build();
        });
        Engine engine = start(old.spec(A, TEN_SECONDS));
        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> old.runs() == 1);

        var changed = FakeProbe.passing();
        engine.reload(new Plan(List.of(changed.spec(A, Duration.ofSeconds(9)))), List.of());
        assertThat(old.closed()).isZero();
        scheduler.advance(Duration.ofSeconds(9));
        assertThat(metrics.skipped).as("one run at a time, over the reload too").containsExactly(A);

        go.release();
        Waiting.await().until(() -> old.closed() == 1 && recent(A) == 1);
        Waiting.await().until(() -> {
            scheduler.advance(Duration.ofSeconds(9));
            return changed.runs() > 0;
        });
    }

    @Test
    void afterARestartTheBoardShowsThePastAndNothingIsJudgedTwice() {
        Instant since = FakeClock.START.minusSeconds(1_000);
        var past = IntStream.range(0, SeriesView.RECENT + 15)
                .mapToObj(i -> Runs.fail(A, since.plusSeconds(10L * i), Cause.CONNECT_REFUSED, "closed"))
                .toList();
        store.get().journal().append(past);
        var judged = new Collector();
        var failing = new FakeProbe(_ -> Report.builder().fail(Cause.CONNECT_REFUSED, "closed").build());
        Engine engine = start(List.of(judged), failing.spec(A, TEN_SECONDS));
        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> judged.results.size() == past.size() + 1);
        engine.close();
        assertThat(failing.closed()).isEqualTo(1);
        store.reopen();

        scheduler = new FakeScheduler(clock);
        var judgedAfter = new Collector();
        start(List.of(judgedAfter), FakeProbe.passing().spec(A, TEN_SECONDS));
        Waiting.await().until(() -> board.current().probes().size() == 1);

        assertThat(view(A).recent()).hasSize(SeriesView.RECENT);
        assertThat(view(A).stateSince()).as("from before the recent runs").contains(since);
        assertThat(judgedAfter.results).isEmpty();
        scheduler.advance(TEN_SECONDS);
        Waiting.await().until(() -> judgedAfter.results.size() == 1);
        assertThat(view(A).stateSince()).as("turned").contains(judgedAfter.results.getFirst().startedAt());
    }

    @Test
    void whatRanBeforeTheEndIsJournalledAndJudged() {
        var judged = new Collector();
        Engine engine = start(List.of(judged), FakeProbe.passing().spec(A, TEN_SECONDS), FakeProbe.passing().spec(B, TEN_SECONDS));
        scheduler.advance(TEN_SECONDS);
        engine.close();

        assertThat(judged.results).extracting(Result::series).containsExactlyInAnyOrder(A, B);
        assertThat(store.get().journal().query(new Journal.Query("", null, Instant.EPOCH, 10))).hasSize(2);
        assertThat(engine.gauges().queued()).isZero();
        assertThat(engine.gauges().trouble()).isEmpty();
    }

    @Test
    void theUsualLatencyIsTheMiddleOfEnoughPassingRuns() {
        var judged = new Collector();
        start(List.of(judged), FakeProbe.passing().spec(A, TEN_SECONDS));
        for (int i = 1; i <= 10; i++) {
            int runs = i;
            scheduler.advance(TEN_SECONDS);
            Waiting.await().until(() -> recent(A) == runs);
            assertThat(view(A).usual().isPresent()).isEqualTo(i >= 10);
        }
        List<Duration> sorted =
                view(A).recent().stream().map(SeriesView.Point::latency).sorted().toList();
        assertThat(view(A).usual()).contains(sorted.get(5));
    }

    @Test
    void theSectionHasItsDefaults() {
        assertThat(Sections.read(EngineSettings.SECTION, Map.of())).isEqualTo(EngineSettings.defaults());
        assertThat(Sections.read(EngineSettings.SECTION, Map.of("max_concurrent_runs", 7)))
                .isEqualTo(new EngineSettings(7));
        assertThat(Sections.problems(EngineSettings.SECTION, Map.of("max_concurrent_runs", 0))).hasSize(1);
    }

    private Engine start(ProbeSpec... specs) {
        return start(List.of(), specs);
    }

    private Engine start(List<Judge> judges, ProbeSpec... specs) {
        board = new Board(store.get().journal(), List::of, List::of);
        var engine = new Engine(store.get(), scheduler, clock, EngineSettings.defaults(), metrics, board);
        engines.add(engine);
        engine.start(new Plan(List.of(specs)), judges);
        return engine;
    }

    private SeriesView view(Series series) {
        return find(series).orElseThrow();
    }

    private Optional<SeriesView> find(Series series) {
        return board.current().probes().stream().filter(v -> v.series().equals(series)).findFirst();
    }

    private int recent(Series series) {
        return find(series).map(v -> v.recent().size()).orElse(0);
    }


    /** Keeps what it is given to judge. */
    private static final class Collector implements Judge {
        final List<Result> results = new CopyOnWriteArrayList<>();
        private List<Result> batch = List.of();

        @Override
        public void restore(Handle tx, Plan plan, Instant now) {
            batch = List.of();
        }

        @Override
        public void advance(Handle tx, List<Result> batch, Instant now) {
            this.batch = batch;
        }

        @Override
        public void committed() {
            results.addAll(batch);
        }
    }
}
