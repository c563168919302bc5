package dev.gatewatch.alerting.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatJudgeTest {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Two intervals and the time-out of 5 seconds that the kit's probes have. */
    private static final Duration PATIENCE = Duration.ofSeconds(65);

    private static final Series SERIES = new Series("checkout", "", "dc1");

    private final FakeClock clock = new FakeClock();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // a monotonic clock may well run over
    private final List<Duration> beats = new ArrayList<>();
    private Duration passed = Duration.ZERO;
    private boolean failing;

    /** Asked for by the contract, used by nobody here. */
    private final Handle tx = Jdbi.create("jdbc:sqlite::memory:").open();

    private final HeartbeatJudge judge = new HeartbeatJudge(
            EVERY,
            new Pulse() {
                @Override
                public void beat() {
                    beats.add(passed);
                }

                @Override
                public boolean failed() {
                    return failing;
                }
            },
            nanos::get);

    private void start(ProbeSpec... specs) {
        judge.restore(tx, new Plan(List.of(specs)), clock.instant());
    }

    private static ProbeSpec spec(Series series, Duration interval) {
        return Specs.spec(series, Map.of(), interval);
    }

    /** A second after another, with a run at each interval while the scheduler works. */
    private void pass(Duration span, boolean running) {
        for (long s = 0; s < span.toSeconds(); s++) {
            tick(Duration.ofSeconds(1));
            boolean due = running && passed.toSeconds() % INTERVAL.toSeconds() == 0;
            step(due ? List.of(endedAt(clock.instant())) : List.of());
        }
    }

    private void tick(Duration by) {
        clock.advance(by);
        nanos.addAndGet(by.toNanos());
        passed = passed.plus(by);
    }

    private void step(List<Result> results) {
        judge.advance(tx, results, clock.instant());
        judge.committed();
    }

    private static Result endedAt(Instant end) {
        return new Result(SERIES, "http", "https://pay.example/", end.minusMillis(200), Duration.ofMillis(200), Report.builder().build());
    }

    @AfterEach
    void close() {
        tx.close();
    }

    @Test
    void itBeatsAtItsPaceWhileRunsAreJudged() {
        start(spec(SERIES, INTERVAL));

        pass(Duration.ofMinutes(5), true);

        assertThat(beats).containsExactly(
                Duration.ofSeconds(30), Duration.ofSeconds(90), Duration.ofSeconds(150), Duration.ofSeconds(210), Duration.ofSeconds(270));
    }

    @Test
    void itStopsWithinTwoIntervalsWhenTheSchedulerIsFrozenAndGoesOnWithTheFirstRun() {
        start(spec(SERIES, INTERVAL));
        pass(Duration.ofMinutes(5), true);
        beats.clear();
        Duration frozen = passed;

        pass(Duration.ofMinutes(30), false);

        assertThat(beats).allSatisfy(beat -> assertThat(beat.minus(frozen)).isLessThanOrEqualTo(PATIENCE));
        assertThat(beats).hasSizeLessThanOrEqualTo(2);
        beats.clear();
        tick(Duration.ofSeconds(1));
        step(List.of(endedAt(clock.instant())));
        assertThat(beats).containsExactly(passed);
    }

    @Test
    void theFastestProbeTellsHowLongToWait() {
        start(spec(new Series("slow", "", "dc1"), Duration.ofMinutes(10)), spec(SERIES, INTERVAL));
        pass(Duration.ofMinutes(2), true);
        Duration frozen = passed;

        pass(Duration.ofMinutes(20), false);

        assertThat(beats.getLast().minus(frozen)).isLessThanOrEqualTo(PATIENCE);
    }

    @Test
    void nothingBeatsBeforeTheFirstRun() {
        start(spec(SERIES, INTERVAL));

        pass(Duration.ofMinutes(10), false);

        assertThat(beats).isEmpty();
    }

    @Test
    void runsLeftOverFromBeforeARestartProveNothing() {
        start(spec(SERIES, INTERVAL));
        tick(Duration.ofSeconds(1));

        step(List.of(endedAt(clock.instant().minus(Duration.ofHours(1)))));

        assertThat(beats).isEmpty();
    }

    @Test
    void aClockThatIsSetMakesNoFrozenSchedulerLookAlive() {
        start(spec(SERIES, INTERVAL));
        pass(Duration.ofMinutes(2), true);
        Duration frozen = passed;
        clock.advance(Duration.ofHours(-1));

        pass(Duration.ofMinutes(30), false);

        assertThat(beats.getLast().minus(frozen)).isLessThanOrEqualTo(PATIENCE);
    }

    @Test
    void aBeatThatDidNotArriveIsRepeatedSoon() {
        start(spec(SERIES, INTERVAL));
        pass(Duration.ofSeconds(30), true);
        failing = true;
        pass(Duration.ofSeconds(10), true);
        failing = false;
        pass(Duration.ofSeconds(60), true);

        assertThat(beats).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(40), Duration.ofSeconds(100));
    }

    @Test
    void withoutProbesTheJudgingItselfIsTheProof() {
        start();

        pass(Duration.ofMinutes(2), false);

        assertThat(beats).hasSize(2);
    }
}
