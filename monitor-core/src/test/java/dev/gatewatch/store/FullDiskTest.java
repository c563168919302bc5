package dev.gatewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of two megabytes that is really full. */
final class FullDiskTest {
    private static final StoreSettings SETTINGS = new StoreSettings("gatewatch.db", Duration.ofDays(1), 16L << 20);

    @TempDir
    Path disk;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
        Assumptions.assumeTrue(mounted, "this user may not mount a small file system");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            command("umount", disk.toString());
        }
    }

    @Test
    void aFullDiskIsToldInWordsNothingStoredIsLostAndItGoesOnWhenThereIsRoom() throws IOException {
        try (SqliteStore store = SqliteStore.open(SETTINGS, disk)) {
            store.journal().append(results(0));
            Path filler = fill();
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> {
                        for (int i = 1; i < 100; i++) {
                            store.journal().append(results(1_000_000 + i));
                        }
                    })
                    .withMessageContaining("the disk is full")
                    .withMessageContaining("gatewatch.db");
            assertThat(all(store)).containsAll(results(0));

            Files.delete(filler);
            store.journal().append(results(7));
            assertThat(all(store)).containsAll(results(0)).containsAll(results(7));
        }
        try (SqliteStore store = SqliteStore.open(SETTINGS, disk)) {
            assertThat(all(store)).containsAll(results(0)).containsAll(results(7));
        }
    }

    @Test
    void aStoreCannotBeMadeOnAFullDiskAndThatIsToldInWords() throws IOException {
        fill();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> SqliteStore.open(SETTINGS, disk))
                .withMessageMatching("(?s).*(disk is full|No space left|disk failed).*");
    }

    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[4_096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return filler;
    }

    private static List<Result> all(SqliteStore store) {
        return store.read(handle -> store.journal().after(handle, 0, 100_000)).stream()
                .map(Journal.Entry::result)
                .toList();
    }

    private static List<Result> results(int from) {
        return IntStream.range(from, from + 50)
                .mapToObj(i -> Runs.fail(
                        new Series("p", "", "dc1"), FakeClock.START.plusSeconds(i), Cause.HTTP_STATUS, "status 500 (" + i + ")"))
                .toList();
    }

    private static boolean command(String... words) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException _) {
            return false; // the program is not there
        }
    }
}
