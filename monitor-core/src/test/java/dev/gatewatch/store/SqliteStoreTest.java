package dev.gatewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTest {
    private static final Series SERIES = new Series("p", "", "dc1");

    @RegisterExtension
    final TestStore store = new TestStore(Duration.ofDays(1), 16L << 20);

    @TempDir
    Path folder;

    @Test
    void aFailedTransactionLeavesNothing() {
        assertThatThrownBy(() -> store.get().write(tx -> {
                    State.put(tx, "n", "k", bytes("v"));
                    throw new IllegalArgumentException("a judge's bug");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a judge's bug");

        assertThat(state()).isEmpty();
    }

    @Test
    void stateIsPutReplacedAndDeleted() {
        store.get().write(tx -> {
            State.put(tx, "n", "b", bytes("1"));
            State.put(tx, "n", "a", bytes("2"));
            State.put(tx, "n", "b", bytes("3"));
            State.put(tx, "other", "c", bytes("4"));
            return null;
        });
        store.reopen();
        assertThat(state()).containsExactly(Map.entry("a", "2"), Map.entry("b", "3"));

        store.get().write(tx -> {
            State.delete(tx, "n", "a");
            return null;
        });
        assertThat(state()).containsExactly(Map.entry("b", "3"));
    }

    @Test
    void readersSeeACommittedPictureWhileAWriterIsAtWork() throws Exception {
        store.get().write(tx -> {
            State.put(tx, "n", "k", bytes("old"));
            return null;
        });
        store.get().write(tx -> {
            State.put(tx, "n", "k", bytes("new"));
            try (var other = Executors.newSingleThreadExecutor()) {
                assertThat(other.submit(this::state).get(10, TimeUnit.SECONDS)).containsEntry("k", "old");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return null;
        });
        assertThat(state()).containsEntry("k", "new");
    }

    @Test
    void readersCannotWrite() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.get().read(handle -> handle.execute("delete from state")));
    }

    @Test
    void writersFromPlatformAndVirtualThreadsComeOneAfterTheOther() throws Exception {
        var inside = new AtomicInteger();
        var done = new CountDownLatch(40);
        Runnable count = () -> store.get().write(tx -> {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            int n = Integer.parseInt(new String(State.all(tx, "n").getOrDefault("k", bytes("0")), StandardCharsets.UTF_8));
            State.put(tx, "n", "k", bytes(Integer.toString(n + 1)));
            inside.decrementAndGet();
            done.countDown();
            return null;
        });
        for (int i = 0; i < 20; i++) {
            Thread.ofVirtual().start(count);
            Thread.ofPlatform().start(count);
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        store.get().write(_ -> null); // after the last of them
        assertThat(state()).containsEntry("k", "40");
    }

    @Test
    void anInterruptDoesNotLeaveAVirtualThreadInDoubtOfItsTransaction() throws Exception {
        var interrupted = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            store.get().write(tx -> {
                State.put(tx, "n", "k", bytes("v"));
                return null;
            });
            if (Thread.currentThread().isInterrupted()) {
                interrupted.countDown();
            }
        });
        thread.join();
        assertThat(state()).containsEntry("k", "v");
        assertThat(interrupted.getCount()).as("the interrupt is kept").isZero();
    }

    @Test
    void aTransactionWithinAnotherIsABug() {
        assertThatIllegalStateException()
                .isThrownBy(() -> store.get().write(_ -> store.get().write(_ -> null)));
    }

    @Test
    void aSecondDaemonOnTheSameStoreIsRefused() {
        var settings = new StoreSettings("gatewatch.db", Duration.ofDays(1), 16L << 20);

        assertRefused(settings, store.folder(), "another daemon (process " + ProcessHandle.current().pid() + ") uses the store");

        store.get().close();
        SqliteStore.open(settings, store.folder()).close();
    }

    @Test
    void aFolderWithoutPermissionIsNamed() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        Assumptions.assumeFalse(Files.isWritable(locked), "this user (root) may write everywhere");

        assertRefused(at("locked/x.db"), folder, "no permission to write to the folder " + locked);
    }

    @Test
    void whatIsNoDatabaseIsNotTouched() throws IOException {
        Path letter = Files.writeString(folder.resolve("letter.txt"), "Dear reader, ".repeat(100));

        assertRefused(at("letter.txt"), folder, "is not a Gatewatch store");
        assertThat(letter).content().startsWith("Dear reader");
        assertRefused(at("letter.txt/x.db"), folder, "a file has its name");
        assertRefused(at("."), folder, "is a folder");
    }

    @Test
    void aStoreOfANewerVersionIsRefused() {
        store.get().write(tx -> tx.execute("""
                insert into schema_history
                select 99, '999', 'future', type, 'V999__future.sql', 1, installed_by, installed_on, 1, 1 from schema_history limit 1"""));
        store.get().close();

        assertRefused(
                new StoreSettings("gatewatch.db", Duration.ofDays(1), 16L << 20),
                store.folder(),
                "was written by a newer version of Gatewatch");
    }

    @Test
    void useAfterCloseIsToldInWords() {
        SqliteStore closed = SqliteStore.open(at("x.db"), folder);
        closed.close();
        closed.close();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> closed.write(_ -> null))
                .withMessageContaining("is closed");
    }

    @Test
    void oldResultsGoWhenTheyAreJudged() {
        var clock = new FakeClock();
        int rows = 3 * SqlJournal.BLOCK + 10;
        for (int i = 0; i < rows; i += 10) {
            append(clock.instant().plusSeconds(i), 10);
        }
        var later = clock.instant().plus(Duration.ofDays(1)).plusSeconds(2 * SqlJournal.BLOCK + 5);

        assertThat(store.get().tidy(later)).as("nothing is judged").isFalse();
        assertThat(count()).isEqualTo(rows);

        judgeAll();
        assertThat(store.get().tidy(later)).isTrue();
        assertThat(count()).isEqualTo(rows - SqlJournal.BLOCK);
        while (store.get().tidy(later)) {}
        assertThat(count()).as("only whole blocks past their time go").isEqualTo(rows - 2 * SqlJournal.BLOCK);
        append(later, 1);
        assertThat(count()).isEqualTo(rows - 2 * SqlJournal.BLOCK + 1);
    }

    @Test
    void aStoreThatGrewTooLargeLosesItsOldestResultsAndGivesRoomBack() throws IOException {
        var clock = new FakeClock();
        var random = new Random(7);
        int rows = 0;
        while (Files.size(store.get().file()) < 28L << 20) {
            var results = new ArrayList<Result>();
            for (int i = 0; i < 500; i++) {
                var noise = new byte[1_500];
                random.nextBytes(noise);
                results.add(new Result(SERIES, "http", "t", clock.instant(), Duration.ZERO, new Report(
                        Outcome.PASS,
                        Optional.empty(),
                        "",
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        List.of(new Evidence("noise", HexFormat.of().formatHex(noise))))));
            }
            store.get().journal().append(results);
            rows += results.size();
        }
        judgeAll();
        while (store.get().tidy(clock.instant())) {}
        store.reopen(); // closing brings the WAL into the file

        assertThat(count()).isBetween(SqlJournal.BLOCK, rows - 1);
        assertThat(Files.size(store.get().file())).isLessThan(17L << 20);
        long oldest = store.get()
                .read(h -> h.createQuery("select min(seq) from journal").mapTo(Long.class).one());
        assertThat(oldest).isGreaterThan(1);
    }

    @Test
    void originsOfProbesLongGoneGo() {
        append(FakeClock.START, 3);
        assertThat(originCount()).isEqualTo(2);
        store.get().write(tx -> tx.execute("delete from journal"));
        store.get().tidyOrigins();
        assertThat(originCount()).isZero();

        append(FakeClock.START, 3);
        List<Journal.Entry> entries = store.get().read(h -> store.get().journal().after(h, 0, 10));
        assertThat(entries).hasSize(3);
    }

    @Test
    void theSectionHasItsDefaults() {
        assertThat(Sections.read(StoreSettings.SECTION, Map.of())).isEqualTo(StoreSettings.defaults());
        assertThat(Sections.read(StoreSettings.SECTION, Map.of("url", "sqlite:/var/lib/g.db", "retention", "30d", "max_size", "1GB")))
                .isEqualTo(new StoreSettings("/var/lib/g.db", Duration.ofDays(30), 1L << 30));
        for (String url : List.of("postgresql://db/g", "sqlite:", "sqlite::memory:", "g.db")) {
            assertThat(Sections.problems(StoreSettings.SECTION, Map.of("url", url)))
                    .singleElement()
                    .asString()
                    .contains("expected sqlite:PATH");
        }
    }

    private void append(Instant at, int n) {
        var results = new ArrayList<Result>();
        for (int i = 0; i < n; i++) {
            results.add(Runs.pass(SERIES, at, Duration.ofMillis(1)));
        }
        store.get().journal().append(results);
    }

    private void judgeAll() {
        store.get().write(tx -> {
            Cursor.move(tx, tx.createQuery("select max(seq) from journal").mapTo(Long.class).one());
            return null;
        });
    }

    private int count() {
        return store.get().read(h -> h.createQuery("select count(*) from journal").mapTo(Integer.class).one());
    }

    private int originCount() {
        return store.get().read(h -> h.createQuery("select count(*) from origin").mapTo(Integer.class).one());
    }

    private Map<String, String> state() {
        return store.get().read(handle -> {
            var texts = new LinkedHashMap<String, String>();
            State.all(handle, "n").forEach((k, v) -> texts.put(k, new String(v, StandardCharsets.UTF_8)));
            return texts;
        });
    }

    private static StoreSettings at(String path) {
        return new StoreSettings(path, Duration.ofDays(1), 16L << 20);
    }

    private static void assertRefused(StoreSettings settings, Path base, String words) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> SqliteStore.open(settings, base))
                .withMessageContaining(words);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
