package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of grids, and what a task makes of late and early calls and of steps of the clock. */
final class GridTest {
    private static final long HOUR = 3_600_000;

    @ParameterizedTest(name = "after {0} on {1}+{2} comes {3}")
    @CsvSource({
        "0,      10000, 0,    10000",
        "1,      10000, 0,    10000",
        "9999,   10000, 0,    10000",
        "10000,  10000, 0,    20000",
        "0,      10000, 3000, 3000",
        "2999,   10000, 3000, 3000",
        "3000,   10000, 3000, 13000",
        "-1,     10000, 3000, 3000",
        "-7001,  10000, 3000, -7000",
        "100000, 7000,  6999, 104999"
    })
    void theNextInstantIsTheFirstAfterNow(long now, long interval, long offset, long expected) {
        assertThat(Grid.next(now, interval, offset)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "fires for {0} at wall {1}, monotonic {2}: {3}")
    @CsvSource({
        // on time, and as early as Quartz may be
        "13000, 13000,          3000,   0",
        "13000, 12998,          2998,   0",
        // late by a busy machine, by a stall: both clocks agree
        "13000, 13040,          3040,   40",
        "13000, 88000,          78000,  75000",
        // the wall clock was set forward: nothing is late
        "13000, 3613000,        3000,   step",
        "13000, 3610500,        500,    step",
        "13000, 14200,          3100,   step",
        // a small correction is no step; the monotonic clock knows the lateness
        "13000, 13900,          3100,   100"
    })
    void aTaskTellsLatenessFromAStepOfTheClock(long instant, long wall, long monotonic, String expected) {
        var task = new GridTask("t", 10_000, 3_000, _ -> {});
        task.expect(13_000, 10_000, 0);

        Optional<Duration> late = task.fired(instant, wall, monotonic);

        assertThat(late.map(d -> Long.toString(d.toMillis())).orElse("step")).isEqualTo(expected);
    }

    @Test
    void afterAStepTheTaskGoesOnWithTheNewTime() {
        var task = new GridTask("t", 10_000, 3_000, _ -> {});
        task.expect(13_000, 10_000, 0);
        assertThat(task.fired(13_000, 13_000 + HOUR, 3_000)).isEmpty();

        long next = Grid.next(13_000 + HOUR, 10_000, 3_000);
        assertThat(next).isEqualTo(23_000 + HOUR);
        assertThat(task.fired(next, next + 5, 13_005)).contains(Duration.ofMillis(5));
    }

    @Test
    void aTriggerFiresOnceForAllItMissed() {
        var trigger = new GridTrigger("t", 13_000, 10_000, 3_000);
        trigger.computeFirstFireTime(null);
        assertThat(trigger.getNextFireTime().toInstant()).isEqualTo(Instant.ofEpochMilli(13_000));

        trigger.triggeredAt(12_998);
        assertThat(trigger.getNextFireTime().toInstant()).as("fired a little early").isEqualTo(Instant.ofEpochMilli(23_000));
        trigger.triggeredAt(23_500);
        assertThat(trigger.getNextFireTime().toInstant()).as("fired a little late").isEqualTo(Instant.ofEpochMilli(33_000));
        trigger.triggeredAt(33_000 + HOUR);
        assertThat(trigger.getNextFireTime().toInstant()).as("an hour's stall").isEqualTo(Instant.ofEpochMilli(43_000 + HOUR));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "standing still,   0,      0",
        "running alike,    500,    0",
        "a slow slew,      900,    0",
        "an hour forward,  3600500, 3600000",
        "an hour back,     -3599500, -3600000"
    })
    void aClockWatchSeesStepsAndNothingElse(String story, long wallMoved, long expected) {
        var watch = new ClockWatch(1_000_000, 70);
        long monotonicMoved = story.contains("still") ? 0 : 500;

        assertThat(watch.look(1_000_000 + wallMoved, 70 + monotonicMoved)).isEqualTo(expected);
        assertThat(watch.look(1_000_000 + wallMoved + 500, 70 + monotonicMoved + 500)).as("once only").isZero();
    }

    @ParameterizedTest(name = "interval {0}, offset {1}: {2}")
    @CsvSource({
        // the clock now says 100 s
        "10000,   3000,    103000",
        "5000,    3000,    103000",
        "60000,   33000,   103000",
        "60000,   45000,   105000",
        "3600000, 1234567, 104567",
        "60000,   41000,   101000"
    })
    void afterAStepTasksAreCalledWithinTenSecondsAndSpread(long interval, long offset, long expected) {
        assertThat(QuartzScheduler.afterStep(100_000, interval, offset)).isEqualTo(expected);
    }
}
