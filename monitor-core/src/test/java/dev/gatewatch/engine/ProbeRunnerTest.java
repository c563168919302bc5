package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.FakeProbe;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProbeRunnerTest {
    private static final Series SERIES = new Series("checkout", "eu", "dc1");
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final FakeClock clock = new FakeClock(FakeClock.START.plusNanos(123_456_789));
    private final List<Result> journal = new CopyOnWriteArrayList<>();
    private final CountingMetrics counted = new CountingMetrics();
    private final ProbeRunner runner = new ProbeRunner(clock, new EngineSettings(2), journal::add, counted, _ -> Memory.fresh());

    @AfterEach
    void close() {
        runner.close();
    }

    @Test
    void aRunBecomesAResultWithWhoWhereAndWhen() {
        var seen = new AtomicReference<Run>();
        var probe = new FakeProbe(run -> {
            seen.set(run);
            return Report.builder().fact("status", 204).build();
        });

        Result result = once(probe);

        assertThat(result.series()).isEqualTo(SERIES);
        assertThat(result.type()).isEqualTo("fake");
        assertThat(result.target()).isEqualTo("fake://target");
        assertThat(result.startedAt()).as("as the journal keeps it").isEqualTo("2026-03-02T12:00:00.123Z");
        assertThat(result.duration()).isPositive();
        assertThat(result.duration().toNanos() % 1_000).isZero();
        assertThat(result.report().facts()).containsKey("status");
        assertThat(seen.get().traceId()).matches("[0-9a-f]{32}").isNotEqualTo("0".repeat(32));
        assertThat(seen.get().deadline().timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(seen.get().series()).isEqualTo(SERIES);
    }

    @Test
    void aFaultOfTheProbeIsBrokenAndBlamesNoTarget() {
        for (FakeProbe faulty : List.of(
                new FakeProbe(_ -> {
                    throw new IllegalStateException("password=hunter2");
                }),
                new FakeProbe(_ -> null),
                new FakeProbe(_ -> {
                    throw new StackOverflowError();
                }))) {
            Result result = once(faulty);

            assertThat(result.outcome()).isEqualTo(Outcome.BROKEN);
            assertThat(result.report().cause()).contains(Cause.INTERNAL_ERROR);
            assertThat(result.report().message()).doesNotContain("hunter2");
        }
    }

    @Test
    void aRunThatIgnoresItsDeadlineIsCutOff() {
        var probe = new FakeProbe(_ -> {
            new CountDownLatch(1).await();
            throw new AssertionError("unreachable");
        });
        runner.due(Watched.of(probe.spec(SERIES, TEN_SECONDS, Duration.ofMillis(50), Map.of())), Duration.ZERO);
        Waiting.await().until(() -> !journal.isEmpty());

        Result result = journal.getFirst();
        assertThat(result.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(result.report().cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(result.report().message()).contains("50ms");
        assertThat(result.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(550));
    }

    @Test
    void whatAProbeSaysAtItsInterruptIsKept() {
        var probe = new FakeProbe(_ -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                return Report.builder().fail(Cause.BODY_TIMEOUT, "half a body").build();
            }
            throw new AssertionError("unreachable");
        });
        runner.due(Watched.of(probe.spec(SERIES, TEN_SECONDS, Duration.ofMillis(10), Map.of())), Duration.ZERO);
        Waiting.await().until(() -> !journal.isEmpty());

        assertThat(journal.getFirst().report().cause()).contains(Cause.BODY_TIMEOUT);
    }

    @Test
    void aRunStillGoingIsNotStartedTwiceAndIsCounted() {
        var go = new Semaphore(0);
        var probe = new FakeProbe(_ -> {
            go.acquire();
            return Report.builder().build();
        });
        Watched watched = Watched.of(probe.spec(SERIES, TEN_SECONDS));
        runner.due(watched, Duration.ZERO);
        runner.due(watched, Duration.ZERO);
        runner.due(watched, Duration.ZERO);
        assertThat(counted.skipped).containsExactly(SERIES, SERIES);

        go.release();
        Waiting.await().until(() -> journal.size() == 1 && watched.begin() == Watched.Begin.BEGUN);
        watched.end();
        go.release();
        runner.due(watched, Duration.ZERO);
        Waiting.await().until(() -> journal.size() == 2);
        assertThat(probe.runs()).isEqualTo(2);
    }

    @Test
    void tooManyRunsWaitAndTheWaitIsLatenessNotTimeout() {
        var go = new Semaphore(0);
        var left = new AtomicReference<Duration>();
        var holding = new FakeProbe(_ -> {
            go.acquire();
            return Report.builder().build();
        });
        var third = new FakeProbe(run -> {
            left.set(run.deadline().elapsed());
            return Report.builder().build();
        });
        runner.due(Watched.of(holding.spec(new Series("a", "", "dc1"), TEN_SECONDS)), Duration.ZERO);
        runner.due(Watched.of(holding.spec(new Series("b", "", "dc1"), TEN_SECONDS)), Duration.ZERO);
        Waiting.await().until(() -> runner.running() == 2);
        runner.due(Watched.of(third.spec(SERIES, TEN_SECONDS)), Duration.ofMillis(30));
        Waiting.await().until(() -> runner.waiting() == 1);
        assertThat(third.runs()).isZero();
        long before = System.nanoTime();
        Waiting.await().until(() -> System.nanoTime() - before > 20_000_000);

        go.release(2);
        Waiting.await().until(() -> journal.size() == 3 && counted.lateness.size() == 3);

        assertThat(runner.waiting()).isZero();
        assertThat(counted.lateness.get(SERIES)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(left.get()).as("the deadline began with the run").isLessThan(counted.lateness.get(SERIES));
    }

    @Test
    void closingLetsRunsEndAndLeavesNoResultOfThoseCutOff() {
        var go = new Semaphore(0);
        var begun = new CountDownLatch(2);
        var ending = new FakeProbe(_ -> {
            begun.countDown();
            go.acquire();
            return Report.builder().build();
        });
        var hanging = new FakeProbe(_ -> {
            begun.countDown();
            new CountDownLatch(1).await();
            throw new AssertionError("unreachable");
        });
        Watched hangs = Watched.of(hanging.spec(new Series("hangs", "", "dc1"), TEN_SECONDS));
        runner.due(Watched.of(ending.spec(SERIES, TEN_SECONDS)), Duration.ZERO);
        runner.due(hangs, Duration.ZERO);
        Waiting.await().until(() -> begun.getCount() == 0);

        go.release();
        runner.close(Duration.ofMillis(300));

        assertThat(journal).extracting(Result::series).containsExactly(SERIES);
        assertThat(hangs.begin()).as("it has ended").isEqualTo(Watched.Begin.BEGUN);
        runner.due(Watched.of(FakeProbe.passing().spec(SERIES, TEN_SECONDS)), Duration.ZERO);
        assertThat(runner.running()).isZero();
    }

    @Test
    void aRunThatNothingEndsIsGivenUpAndItsLateAnswerDropped() {
        try (var watchdog = new Watchdog(Duration.ofMillis(50))) {
            watchdog.start();
            var givenUp = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            var end = new AtomicReference<Watchdog.Guard.End>();
            Thread.ofVirtual().start(() -> {
                Watchdog.Guard guard = watchdog.guard(Duration.ofMillis(1), givenUp::countDown);
                while (go.getCount() > 0) {
                    try {
                        go.await();
                    } catch (InterruptedException _) {
                        // deaf
                    }
                }
                end.set(guard.over());
            });
            Waiting.await().until(() -> givenUp.getCount() == 0);
            assertThat(watchdog.guarded()).isZero();
            go.countDown();
            Waiting.await().until(() -> end.get() == Watchdog.Guard.End.GIVEN_UP);
        }
    }

    @Test
    void aStandstillOfThisProcessCutsNoRunOffAndIsNotHeldAgainstTargets() throws Exception {
        try (var watchdog = new Watchdog(Watchdog.PATIENCE)) {
            long begun = System.nanoTime();
            assertThat(watchdog.stoodStillSince(begun)).isFalse();
            Watchdog.Guard guard = watchdog.guard(Duration.ofSeconds(1), () -> {
                throw new AssertionError("given up");
            });

            // stopped for 25 s in the middle of the run, going on for a second after
            watchdog.look(begun + Duration.ofMillis(100).toNanos());
            watchdog.look(begun + Duration.ofSeconds(25).toNanos());
            watchdog.look(begun + Duration.ofSeconds(26).toNanos());

            assertThat(guard.over()).isEqualTo(Watchdog.Guard.End.BY_ITSELF);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(watchdog.stoodStillSince(begun)).isTrue();
            assertThat(watchdog.stoodStillSince(begun + Duration.ofSeconds(26).toNanos())).isFalse();
        }
    }

    @Test
    void aDeafRunHasPatienceFromItsInterruptOn() throws Exception {
        try (var watchdog = new Watchdog(Duration.ofSeconds(1))) {
            var given = new AtomicInteger();
            long begun = System.nanoTime();
            Watchdog.Guard guard = watchdog.guard(Duration.ofMillis(100), given::incrementAndGet);
            int interruptedAt = 0;
            for (int tenths = 1; tenths <= 30 && given.get() == 0; tenths++) {
                watchdog.look(begun + Duration.ofMillis(100L * tenths).toNanos());
                if (interruptedAt == 0 && Thread.interrupted()) {
                    interruptedAt = tenths;
                }
                if (given.get() > 0) {
                    assertThat(tenths - interruptedAt).isEqualTo(10);
                }
            }
            assertThat(interruptedAt).isBetween(6, 8);
            assertThat(given).hasValue(1);
            assertThat(guard.over()).isEqualTo(Watchdog.Guard.End.GIVEN_UP);
        }
    }

    @Test
    void aRetiredProbeIsClosedAfterItsLastRun() {
        var go = new Semaphore(0);
        var probe = new FakeProbe(_ -> {
            go.acquire();
            return Report.builder().build();
        });
        Watched watched = Watched.of(probe.spec(SERIES, TEN_SECONDS));
        runner.due(watched, Duration.ZERO);
        Waiting.await().until(() -> probe.runs() == 1);

        watched.retire();
        watched.retire();
        assertThat(probe.closed()).isZero();

        var successor = FakeProbe.passing();
        Watched changed = watched.changedTo(successor.spec(SERIES, TEN_SECONDS));
        runner.due(changed, Duration.ZERO);
        assertThat(successor.runs()).as("waits for the last run of its predecessor").isZero();

        go.release();
        Waiting.await().until(() -> probe.closed() == 1);
        assertThat(watched.begin()).isIn(Watched.Begin.RETIRED, Watched.Begin.STILL_RUNNING);
        Waiting.await().until(() -> {
            runner.due(changed, Duration.ZERO);
            return successor.runs() > 0;
        });
        assertThat(probe.closed()).isEqualTo(1);
    }

    private Result once(FakeProbe probe) {
        int before = journal.size();
        runner.due(Watched.of(probe.spec(SERIES, TEN_SECONDS)), Duration.ZERO);
        Waiting.await().until(() -> journal.size() > before);
        return journal.getLast();
    }
}
