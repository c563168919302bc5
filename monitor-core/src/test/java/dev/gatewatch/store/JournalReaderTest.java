package dev.gatewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JournalReaderTest {
    private static final Instant NOON = FakeClock.START;
    private static final StoreSettings SETTINGS = new StoreSettings("gatewatch.db", Duration.ofDays(7), 4L << 30);

    @RegisterExtension
    final TestStore store = new TestStore();

    @Test
    void itReadsWhatADaemonHasWrittenWhileThatGoesOnWriting() {
        List<Result> results = IntStream.range(0, 3_000).mapToObj(JournalReaderTest::run).toList();
        store.get().journal().append(results);

        try (var reader = JournalReader.open(SETTINGS, store.folder())) {
            var read = new ArrayList<Result>();
            reader.replay(Instant.EPOCH, result -> {
                read.add(result);
                if (read.size() == 10) {
                    store.get().journal().append(List.of(run(5_000)));
                }
            });

            assertThat(read).isEqualTo(results);
            assertThat(reader.count(Instant.EPOCH)).isEqualTo(3_001);
        }
    }

    @Test
    void itBeginsWhereItIsTold() {
        store.get().journal().append(IntStream.range(0, 100).mapToObj(JournalReaderTest::run).toList());

        try (var reader = JournalReader.open(SETTINGS, store.folder())) {
            var read = new ArrayList<Result>();
            reader.replay(NOON.plusSeconds(90), read::add);

            assertThat(read).hasSize(10).startsWith(run(90));
        }
    }

    @Test
    void whatIsNoStoreIsTold() throws Exception {
        assertThatThrownBy(() -> JournalReader.open(SETTINGS, store.folder().resolve("none")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("there is no store");

        Files.writeString(store.folder().resolve("text.db"), "this is no database, whatever its name may say, and longer than a header");
        assertThatThrownBy(() -> JournalReader.open(
                        new StoreSettings("text.db", Duration.ofDays(7), 4L << 30), store.folder()))
                .isInstanceOf(StoreException.class);
        assertThat(Files.size(store.folder().resolve("text.db"))).isLessThan(100);
    }

    private static Result run(int second) {
        return new Result(
                new Series("p" + second % 7, "", "dc1"),
                "http",
                "x",
                NOON.plusSeconds(second),
                Duration.ofMillis(20),
                Report.builder().fact("n", second).build());
    }
}
