package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.FakeScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake keeps the contract of {@link Scheduler}, so that what is tested with it holds with the real one. */
final class FakeSchedulerTest {
    private final FakeClock clock = new FakeClock(Instant.parse("2026-03-02T12:00:05Z"));
    private final FakeScheduler scheduler = new FakeScheduler(clock);
    private final List<String> calls = new ArrayList<>();

    @BeforeEach
    void twoTasks() {
        scheduler.schedule("a", Duration.ofSeconds(10), Duration.ofSeconds(2), late -> called("a", late));
        scheduler.schedule("b", Duration.ofSeconds(10), Duration.ofSeconds(7), late -> called("b", late));
    }

    @Test
    void tasksAreCalledOnTheirGridsInOrder() {
        scheduler.start();
        scheduler.advance(Duration.ofSeconds(20));

        assertThat(calls).containsExactly("b 07 0", "a 12 0", "b 17 0", "a 22 0");
        assertThat(clock.instant()).isEqualTo("2026-03-02T12:00:25Z");
    }

    @Test
    void nothingIsCalledBeforeTheStartAndAfterACancel() {
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(calls).isEmpty();

        scheduler.start();
        scheduler.cancel("b");
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(calls).allMatch(call -> call.startsWith("a"));
    }

    @Test
    void afterAStallEachTaskIsCalledOnceAndLate() {
        scheduler.start();
        scheduler.stall(Duration.ofSeconds(60));
        assertThat(calls).containsExactly("b 05 58", "a 05 53");

        scheduler.advance(Duration.ofSeconds(10));
        assertThat(calls).containsExactly("b 05 58", "a 05 53", "b 07 0", "a 12 0");
    }

    @Test
    void afterAStepOfTheClockTheGridGoesOn() {
        scheduler.start();
        scheduler.step(Duration.ofHours(-1));
        scheduler.advance(Duration.ofSeconds(10));
        scheduler.step(Duration.ofHours(1));
        scheduler.advance(Duration.ofSeconds(10));

        assertThat(calls).containsExactly("b 07 0", "a 12 0", "b 17 0", "a 22 0");
    }

    private void called(String task, Duration late) {
        calls.add("%s %02d %d".formatted(task, clock.instant().getEpochSecond() % 60, late.toSeconds()));
    }
}
