package dev.gatewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Journal.Entry;
import dev.gatewatch.store.Journal.Query;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SqlJournalTest {
    private static final Instant NOON = FakeClock.START;
    private static final Series EU = new Series("checkout", "eu", "dc1");
    private static final Series AP = new Series("checkout", "ap", "dc1");
    private static final Series PORT = new Series("port", "", "dc1");

    @RegisterExtension
    final TestStore store = new TestStore();

    @Test
    void resultsComeBackEqualAndInTheOrderTheyCameIn() {
        var results = List.of(pass(EU, 3), fail(AP, 1), pass(PORT, 2), pass(EU, 4));
        journal().append(results.subList(0, 3));
        journal().append(results.subList(3, 4));

        assertThat(after(0, 10)).extracting(Entry::result).isEqualTo(results);
        assertThat(after(0, 10)).extracting(Entry::seq).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theCursorSplitsTheJournalWithoutLossOrRepetition() {
        journal().append(List.of(pass(EU, 1), pass(EU, 2), pass(EU, 3), pass(EU, 4), pass(EU, 5)));

        var seen = new ArrayList<Result>();
        long cursor = 0;
        for (List<Entry> batch = after(cursor, 2); !batch.isEmpty(); batch = after(cursor, 2)) {
            batch.forEach(entry -> seen.add(entry.result()));
            cursor = batch.getLast().seq();
        }
        assertThat(seen).containsExactly(pass(EU, 1), pass(EU, 2), pass(EU, 3), pass(EU, 4), pass(EU, 5));
    }

    @Test
    void samplesAreTheNewestOfOneSeriesInATimeOldestFirst() {
        journal().append(List.of(pass(EU, 1), pass(AP, 2), fail(EU, 3), pass(EU, 4), pass(EU, 5), pass(EU, 6)));

        assertThat(samples(NOON.plusSeconds(1), NOON.plusSeconds(6), 10)).isEqualTo(starts(1, 3, 4, 5));
        assertThat(samples(NOON.plusSeconds(1), NOON.plusSeconds(6), 2)).isEqualTo(starts(4, 5));
        assertThat(samples(NOON.plusSeconds(7), NOON.plusSeconds(9), 2)).isEmpty();
    }

    private List<Long> samples(Instant since, Instant until, int limit) {
        var found = new ArrayList<Long>();
        store.get().read(handle -> {
            journal().samples(handle, EU, since, until, limit, (at, micros, outcome) -> {
                assertThat(micros).isPositive();
                assertThat(outcome == Outcome.FAIL).isEqualTo(at == NOON.plusSeconds(3).toEpochMilli());
                found.add(at);
            });
            return found;
        });
        return found;
    }

    private static List<Long> starts(long... seconds) {
        return LongStream.of(seconds).map(s -> NOON.plusSeconds(s).toEpochMilli()).boxed().toList();
    }

    @Test
    void aQueryListsNewestFirstByProbeRegionAndTime() {
        journal().append(List.of(pass(EU, 1), pass(AP, 2), pass(PORT, 3), fail(EU, 4), pass(AP, 5), pass(PORT, 6)));

        assertThat(starts(new Query("", null, Instant.EPOCH, 100))).containsExactly(6, 5, 4, 3, 2, 1);
        assertThat(starts(new Query("", null, NOON.plusSeconds(3), 2))).containsExactly(6, 5);
        assertThat(starts(new Query("checkout", null, Instant.EPOCH, 100))).containsExactly(5, 4, 2, 1);
        assertThat(starts(new Query("checkout", "eu", Instant.EPOCH, 100))).containsExactly(4, 1);
        assertThat(starts(new Query("checkout", null, NOON.plusSeconds(2), 2))).containsExactly(5, 4);
        assertThat(starts(new Query("port", "", NOON.plusSeconds(4), 100))).containsExactly(6);
        assertThat(starts(new Query("checkout", "", Instant.EPOCH, 100))).isEmpty();
        assertThat(starts(new Query("nobody", null, Instant.EPOCH, 100))).isEmpty();
        assertThat(starts(new Query("", "ap", Instant.EPOCH, 100))).containsExactly(5, 2);
    }

    @Test
    void latestGivesTheNewestOfOneSeriesOldestFirst() {
        journal().append(List.of(pass(EU, 1), fail(EU, 2), pass(AP, 3), pass(EU, 4), pass(EU, 5)));
        long upTo = after(0, 4).getLast().seq();

        List<Entry> latest = store.get().read(handle -> journal().latest(handle, EU, upTo, 2));

        assertThat(latest).extracting(Entry::result).containsExactly(fail(EU, 2), pass(EU, 4));
    }

    @Test
    void aReplayTakesUpTheTimeAskedForAndEndsAtTheCursor() {
        journal().append(List.of(pass(EU, 1), pass(AP, 2), pass(EU, 3), pass(EU, 4)));
        long upTo = after(0, 3).getLast().seq();

        assertThat(replay(NOON.plusSeconds(2), upTo)).containsExactly(pass(AP, 2), pass(EU, 3));
    }

    @Test
    void rowsAreFoundByTimeAcrossBlocksAndStepsOfTheClock() {
        for (int block = 0; block < 3; block++) {
            var results = new ArrayList<Result>();
            for (int i = 0; i < SqlJournal.BLOCK; i++) {
                results.add(pass(PORT, block * 10_000 + i));
            }
            journal().append(results);
        }
        // the clock was an hour ahead for one result, then set back
        journal().append(List.of(pass(EU, 30_000 + 3_600)));
        journal().append(List.of(pass(EU, 30_000)));
        long all = Long.MAX_VALUE;

        assertThat(replay(NOON.plusSeconds(11_999), all)).hasSize(1 + SqlJournal.BLOCK + 2);
        assertThat(replay(NOON.plusSeconds(31_000), all)).containsExactly(pass(EU, 33_600));
        assertThat(starts(new Query("", null, NOON.plusSeconds(30_000), 10))).containsExactly(30_000, 33_600);
        assertThat(replay(NOON.plusSeconds(40_000), all)).isEmpty();
    }

    @Test
    void everythingIsThereAfterAReopen() {
        for (int i = 0; i < 5; i++) {
            journal().append(List.of(pass(EU, i), fail(AP, i)));
        }
        store.reopen();
        journal().append(List.of(pass(EU, 5)));

        assertThat(after(0, 100)).extracting(Entry::result).hasSize(11).contains(fail(AP, 4), pass(EU, 5));
        assertThat(origins()).as("shapes are found again").isEqualTo(4);
    }

    @Test
    void anAppendIsAllOrNothingAndTheJournalGoesOnAfterwards() {
        var tooLate = new Result(EU, "http", "t", Instant.MAX, Duration.ZERO, Report.builder().build());
        assertThatThrownBy(() -> journal().append(List.of(pass(EU, 1), pass(EU, 2), pass(EU, 3), tooLate)))
                .isInstanceOf(ArithmeticException.class);
        assertThat(after(0, 10)).isEmpty();
        assertThat(origins()).isZero();

        journal().append(List.of(pass(EU, 1), pass(EU, 2), pass(EU, 3)));
        assertThat(after(0, 10)).extracting(Entry::result).containsExactly(pass(EU, 1), pass(EU, 2), pass(EU, 3));
    }

    @Test
    void textsThatDifferEveryRunDoNotFillTheStoreWithShapes() {
        for (int i = 0; i < 200; i++) {
            journal().append(List.of(withText(i, "serial-" + i)));
        }
        assertThat(origins()).isEqualTo(1);

        for (int i = 0; i < 200; i++) {
            journal().append(List.of(withText(i, "text-" + i / 2)));
        }
        assertThat(origins()).isEqualTo(1 + Origins.MOST_SHAPES);
        assertThat(after(0, 1_000)).extracting(Entry::result).contains(withText(199, "serial-199"), withText(199, "text-99"));
    }

    @Test
    void aDamagedRowIsLeftOutAndTheRestIsRead() {
        journal().append(List.of(pass(EU, 1), pass(EU, 2), pass(EU, 3)));
        store.get().write(tx -> tx.execute("update journal set body = x'ff' where seq = 2"));

        assertThat(after(0, 10)).extracting(Entry::result).containsExactly(pass(EU, 1), pass(EU, 3));
    }

    @Test
    void aHealthyHttpsRunTakesFarLessThan600Bytes() throws Exception {
        int rows = 20_000;
        for (int i = 0; i < rows; i += 100) {
            var group = new ArrayList<Result>();
            for (int j = i; j < i + 100; j++) {
                var series = new Series("probe-" + j % 100, "", "dc1");
                group.add(Runs.pass(series, NOON.plusMillis(j * 97L), Duration.ofNanos((20_000 + j * 7_919L % 300_000) * 1_000)));
            }
            journal().append(group);
        }
        store.reopen(); // closing brings the WAL into the file
        long bytes = Files.size(store.get().file());

        System.out.printf("journal: %d bytes a row%n", bytes / rows);
        assertThat(bytes / rows).isLessThan(150);
    }

    private Journal journal() {
        return store.get().journal();
    }

    private List<Entry> after(long cursor, int limit) {
        return store.get().read(handle -> journal().after(handle, cursor, limit));
    }

    private List<Result> replay(Instant since, long upTo) {
        return store.get().read(handle -> {
            var results = new ArrayList<Result>();
            journal().replay(handle, since, upTo, results::add);
            return results;
        });
    }

    private List<Integer> starts(Query query) {
        return journal().query(query).stream()
                .map(r -> (int) Duration.between(NOON, r.startedAt()).toSeconds())
                .toList();
    }

    private long origins() {
        return store.get()
                .read(handle -> handle.createQuery("select count(*) from origin")
                        .mapTo(Long.class)
                        .one());
    }

    private static Result pass(Series series, int second) {
        return Runs.pass(series, NOON.plusSeconds(second), Duration.ofMillis(40 + second % 7));
    }

    private static Result fail(Series series, int second) {
        return Runs.fail(series, NOON.plusSeconds(second), Cause.HTTP_STATUS, "status 500, expected 200");
    }

    private static Result withText(int second, String text) {
        Report report = Report.builder().fact("text", text).fact("n", second).build();
        assertThat(report.facts().get("text")).isInstanceOf(Fact.Text.class);
        return new Result(PORT, "dns", "t", NOON.plusSeconds(second), Duration.ofMillis(1), report);
    }
}
