package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Journal;
import dev.gatewatch.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JournalWriterTest {
    private final FakeJournal journal = new FakeJournal();
    private final CountingMetrics metrics = new CountingMetrics();
    private final AtomicInteger appended = new AtomicInteger();
    private final JournalWriter writer = new JournalWriter(journal, appended::incrementAndGet, metrics);

    @Test
    void resultsAreWrittenInOrderAndInGroups() {
        for (int i = 0; i < 2_500; i++) {
            writer.accept(result(i));
        }
        writer.start();
        Waiting.await().until(() -> journal.results().size() == 2_500);

        assertThat(journal.results()).isEqualTo(results(0, 2_500));
        assertThat(journal.groups.size()).isLessThanOrEqualTo(4);
        Waiting.await().until(() -> appended.get() == journal.groups.size() && writer.queued() == 0);
        writer.close();
    }

    @Test
    void aSingleResultDoesNotWaitForOthers() {
        writer.start();
        writer.accept(result(1));

        Waiting.await().until(() -> journal.results().equals(results(1, 2)));
        writer.close();
    }

    @Test
    void whileTheStoreFailsResultsWaitAndNoneIsLostOrMovedInOrder() {
        journal.fault = new StoreException("the disk is full");
        writer.start();
        results(0, 10).forEach(writer);
        Waiting.await().until(() -> writer.trouble().isPresent());
        results(10, 20).forEach(writer);
        assertThat(writer.trouble()).contains("the disk is full");
        assertThat(appended).hasValue(0);

        journal.fault = null;
        Waiting.await().until(() -> writer.trouble().isEmpty());
        Waiting.await().until(() -> journal.results().size() == 20);

        assertThat(journal.results()).isEqualTo(results(0, 20));
        assertThat(writer.dropped()).isZero();
        writer.close();
    }

    @Test
    void whenTooManyWaitTheOldestAreDroppedAndCounted() {
        journal.fault = new StoreException("the disk is full");
        writer.start();
        results(0, 5).forEach(writer);
        Waiting.await().until(() -> writer.trouble().isPresent());
        results(5, JournalWriter.MOST + 7).forEach(writer);
        assertThat(writer.queued()).isLessThanOrEqualTo(JournalWriter.MOST);

        journal.fault = null;
        Waiting.await().until(() -> writer.queued() == 0);

        assertThat(writer.dropped()).isEqualTo(7);
        assertThat(metrics.dropped).hasValue(7);
        assertThat(journal.results()).hasSize(JournalWriter.MOST).endsWith(result(JournalWriter.MOST + 6));
        writer.close();
    }

    @Test
    void aResultThatCannotBeWrittenDoesNotKeepTheOthersOut() {
        journal.poison = result(3);
        results(0, 6).forEach(writer);
        writer.start();
        Waiting.await().until(() -> journal.results().size() == 5);

        assertThat(journal.results()).doesNotContain(result(3)).startsWith(result(0)).endsWith(result(5));
        Waiting.await().until(() -> metrics.dropped.get() == 1);
        writer.close();
    }

    @Test
    void closingWritesWhatWaits() {
        writer.start();
        results(0, 3_000).forEach(writer);
        writer.close();

        assertThat(journal.results()).isEqualTo(results(0, 3_000));
    }

    @Test
    void closingGivesUpOnAStoreThatStaysBroken() {
        journal.fault = new StoreException("the disk is full");
        writer.start();
        writer.accept(result(1));
        Waiting.await().until(() -> writer.trouble().isPresent());

        writer.close();

        assertThat(writer.queued()).isEqualTo(1);
        assertThat(journal.tries.availablePermits()).as("tried again").isGreaterThan(2);
    }

    private static List<Result> results(int from, int to) {
        return IntStream.range(from, to).mapToObj(JournalWriterTest::result).toList();
    }

    private static Result result(int i) {
        return Runs.pass(new Series("p" + i, "", "dc1"), FakeClock.START.plusMillis(i), Duration.ofMillis(20));
    }

    /** Keeps groups in memory, unless it is told to fail. Safe for many threads. */
    private static final class FakeJournal implements Journal {
        final List<List<Result>> groups = new CopyOnWriteArrayList<>();
        final Semaphore tries = new Semaphore(0);
        volatile @Nullable RuntimeException fault;
        volatile @Nullable Result poison;

        List<Result> results() {
            var all = new ArrayList<Result>();
            groups.forEach(all::addAll);
            return all;
        }

        @Override
        public void append(List<Result> results) {
            tries.release();
            RuntimeException now = fault;
            if (now != null) {
                throw now;
            }
            if (poison != null && results.contains(poison)) {
                throw new ArithmeticException("out of range");
            }
            groups.add(List.copyOf(results));
        }

        @Override
        public List<Entry> after(Handle handle, long cursor, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void replay(Handle handle, Instant since, long upTo, Consumer<Result> consumer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Entry> latest(Handle handle, Series series, long upTo, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Result> query(Query query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void samples(Handle handle, Series series, Instant since, Instant until, int limit, Samples consumer) {
            throw new UnsupportedOperationException();
        }
    }
}
