package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With real Quartz and the real clock. */
final class QuartzSchedulerTest {
    private final QuartzScheduler scheduler = new QuartzScheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void aTaskIsCalledAtEachInstantOfItsGrid() {
        long interval = 200;
        long offset = 70;
        var instants = new CopyOnWriteArrayList<Long>();
        scheduler.schedule("a", Duration.ofMillis(interval), Duration.ofMillis(offset), late -> instants.add(
                System.currentTimeMillis() - late.toMillis()));
        scheduler.start();

        Waiting.await().until(() -> instants.size() >= 8);

        // the instant that a call was meant for, give or take rounding and the time between two looks at the clock
        List<Long> nearest = instants.stream()
                .map(t -> Math.floorDiv(t - offset + interval / 2, interval))
                .toList();
        assertThat(nearest).as("each instant at most once").isSorted().doesNotHaveDuplicates();
        assertThat(instants).allSatisfy(t -> assertThat(Math.abs(Math.floorMod(t - offset + interval / 2, interval) - interval / 2))
                .isLessThan(interval / 4));
    }

    @Test
    void hundredsOfTasksAreCalledEachInItsTurn() {
        var calls = new AtomicInteger[400];
        for (int i = 0; i < calls.length; i++) {
            var count = new AtomicInteger();
            calls[i] = count;
            scheduler.schedule("t" + i, Duration.ofSeconds(1), Duration.ofMillis(i), _ -> count.incrementAndGet());
        }
        scheduler.start();

        Waiting.await().until(() -> List.of(calls).stream().allMatch(n -> n.get() >= 2));
        assertThat(calls).allMatch(n -> n.get() <= 4);
    }

    @Test
    void aTaskMayBeCancelledReplacedAndAddedWhileOthersRun() {
        var calls = new ConcurrentLinkedQueue<String>();
        scheduler.start();
        scheduler.schedule("a", Duration.ofMillis(50), Duration.ZERO, _ -> calls.add("old"));
        Waiting.await().until(() -> calls.contains("old"));
        scheduler.schedule("a", Duration.ofMillis(50), Duration.ZERO, _ -> calls.add("new"));
        scheduler.schedule("b", Duration.ofMillis(50), Duration.ZERO, _ -> {
            calls.add("once");
            scheduler.cancel("b");
        });
        Waiting.await().until(() -> calls.contains("new") && calls.contains("once"));
        calls.clear();
        Waiting.await().until(() -> calls.size() > 5);

        assertThat(calls).containsOnly("new");
        scheduler.cancel("nobody");
    }

    @Test
    void aTaskThatThrowsIsCalledAgainAndHarmsNoOther() {
        var calls = new AtomicInteger();
        scheduler.schedule("bad", Duration.ofMillis(50), Duration.ZERO, _ -> {
            calls.incrementAndGet();
            throw new IllegalStateException("a bug");
        });
        scheduler.start();

        Waiting.await().until(() -> calls.get() >= 3);
    }

    @Test
    void nothingIsCalledBeforeTheStartNorAfterTheEnd() {
        var early = new AtomicInteger();
        var other = new QuartzScheduler();
        scheduler.schedule("a", Duration.ofMillis(50), Duration.ZERO, _ -> early.incrementAndGet());
        var calls = new AtomicInteger();
        other.schedule("a", Duration.ofMillis(50), Duration.ZERO, _ -> calls.incrementAndGet());
        other.start();
        Waiting.await().until(() -> calls.get() >= 3);
        assertThat(early).hasValue(0);

        other.close();
        int atEnd = calls.get();
        scheduler.start();
        Waiting.await().until(() -> early.get() >= 3);
        assertThat(calls).hasValue(atEnd);
    }
}
