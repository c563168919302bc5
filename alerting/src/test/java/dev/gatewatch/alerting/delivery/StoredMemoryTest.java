package dev.gatewatch.alerting.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredMemoryTest {
    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-03-02T03:12:05Z"));

    @Test
    void whatIsPutIsThereAfterARestartAndEachChannelHasItsOwn() {
        try (var store = new TestStore(folder)) {
            var memory = new StoredMemory(store, "ops", clock);
            memory.put("g1", "C1 1.2");
            memory.put("g1", "C1 1.3 支付");
            memory.put("g2", "C1 1.4");
            memory.remove("g2");
            memory.remove("never");

            var restarted = new StoredMemory(store, "ops", clock);
            assertThat(restarted.get("g1")).contains("C1 1.3 支付");
            assertThat(restarted.get("g2")).isEmpty();
            assertThat(new StoredMemory(store, "boss", clock).get("g1")).isEmpty();
        }
    }

    @Test
    void itDoesNotGrowForEver() {
        try (var store = new TestStore(folder)) {
            var memory = new StoredMemory(store, "ops", clock, 20);
            for (int i = 0; i <= 20; i++) {
                memory.put("g" + i, "x");
                clock.advance(Duration.ofMillis(1));
            }
            assertThat(memory.get("g0")).isEmpty();
            assertThat(memory.get("g1")).isPresent();

            clock.advance(Duration.ofDays(91));
            memory.put("new", "x");

            assertThat(memory.get("g20")).isEmpty();
            assertThat(new StoredMemory(store, "ops", clock).get("g20")).isEmpty();
            assertThat(new StoredMemory(store, "ops", clock).get("new")).isPresent();
        }
    }

    @Test
    void aStoreThatFailsDoesNotFailTheMessage() {
        try (var store = new TestStore(folder)) {
            var memory = new StoredMemory(store, "ops", clock);
            store.failAfter(0);

            memory.put("g1", "x");

            assertThat(memory.get("g1")).contains("x");
        }
    }
}
