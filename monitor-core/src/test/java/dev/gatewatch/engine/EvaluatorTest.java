package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.FakeProbe;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Cursor;
import dev.gatewatch.store.State;
import dev.gatewatch.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class EvaluatorTest {
    private static final Series SERIES = new Series("p", "", "dc1");
    private static final Plan PLAN = new Plan(List.of(FakeProbe.passing().spec(SERIES, Duration.ofSeconds(10))));

    @RegisterExtension
    final TestStore store = new TestStore();

    private final FakeClock clock = new FakeClock();
    private final List<Evaluator> evaluators = new ArrayList<>();

    @AfterEach
    void close() {
        evaluators.forEach(Evaluator::close);
    }

    @Test
    void resultsAreJudgedInOrderEachOnce() {
        var judge = new SummingJudge();
        Evaluator evaluator = start(judge);
        append(evaluator, 1, 500);
        append(evaluator, 500, 2_600);
        Waiting.await().until(() -> judge.published.size() == 2_599);

        assertThat(judge.published).isEqualTo(IntStream.range(1, 2_600).boxed().toList());
        assertThat(judge.largestBatch).isLessThanOrEqualTo(Evaluator.BATCH);
        assertThat(stored()).isEqualTo(IntStream.range(1, 2_600).sum());
    }

    @Test
    void aRestartGoesOnWhereTheLastTransactionEnded() {
        Evaluator first = start(new SummingJudge());
        append(first, 1, 100);
        first.close();
        append(first, 100, 200);
        store.reopen();

        var judge = new SummingJudge();
        start(judge);
        Waiting.await().until(() -> judge.published.size() == 100);

        assertThat(judge.published).startsWith(100).endsWith(199);
        assertThat(stored()).isEqualTo(IntStream.range(1, 200).sum());
    }

    @Test
    void aFailedBatchLeavesNothingAndIsJudgedAgainFromRestoredState() {
        var judge = new SummingJudge();
        judge.failOnce = true;
        var other = new SummingJudge("other");
        // the one before has already advanced and written when the second fails
        Evaluator evaluator = start(other, judge);
        append(evaluator, 1, 11);
        Waiting.await().until(() -> judge.published.size() == 10);

        assertThat(judge.restores).hasValue(2);
        assertThat(other.published).isEqualTo(IntStream.range(1, 11).boxed().toList());
        assertThat(stored()).isEqualTo(55);
        assertThat(stored("other")).isEqualTo(55);
        Waiting.await().until(() -> evaluator.trouble().isEmpty());
    }

    @Test
    void whileTheStoreFailsItIsSaidAndNothingIsShown() {
        var judge = new SummingJudge();
        judge.storeFault = new StoreException("the disk is full");
        Evaluator evaluator = start(judge);
        append(evaluator, 1, 5);
        Waiting.await().until(() -> evaluator.trouble().isPresent());

        assertThat(evaluator.trouble()).contains("the disk is full");
        assertThat(judge.published).isEmpty();
        assertThat(evaluator.lag()).isPositive();

        judge.storeFault = null;
        Waiting.await().until(() -> evaluator.trouble().isEmpty() && judge.published.size() == 4);
        assertThat(stored()).isEqualTo(10);
        Waiting.await().until(() -> evaluator.lag().isZero());
    }

    @Test
    void aResultThatNoRetryHelpsIsLeftOutAndTheRestIsJudged() {
        var judge = new SummingJudge();
        judge.poison = 4;
        Evaluator evaluator = start(judge);
        append(evaluator, 1, 8);
        Waiting.await().until(() -> judge.published.size() == 6);

        assertThat(judge.published).containsExactly(1, 2, 3, 5, 6, 7);
        assertThat(stored()).isEqualTo(1 + 2 + 3 + 5 + 6 + 7);
        Waiting.await().until(() -> evaluator.trouble().isEmpty());
    }

    /** A judge in trouble recovers in the very moment in which a result is about to be blamed. */
    @Test
    void aFaultThatPassesWhileBlameIsSoughtCostsNoResult() {
        var judge = new SummingJudge();
        judge.failsUntilAskedWithoutResults = true;
        Evaluator evaluator = start(judge);
        append(evaluator, 1, 4);

        Waiting.await().until(() -> !judge.failsUntilAskedWithoutResults && evaluator.trouble().isEmpty() && evaluator.lag().isZero());
        assertThat(judge.published).containsExactly(1, 2, 3);
        assertThat(stored()).isEqualTo(6);
    }

    @Test
    void aJudgeThatFailsWithoutResultsCostsNoResult() {
        var judge = new SummingJudge();
        judge.alwaysFails = true;
        Evaluator evaluator = start(judge);
        append(evaluator, 1, 4);
        Waiting.await().until(() -> judge.restores.get() > 5);
        assertThat(evaluator.trouble().orElseThrow()).contains("a fault of our own");
        assertThat(judge.published).isEmpty();

        judge.alwaysFails = false;
        Waiting.await().until(() -> judge.published.size() == 3);
        assertThat(judge.published).containsExactly(1, 2, 3);
    }

    @Test
    void judgesRememberTheirPastButAreNotAskedToJudgeItAgain() {
        Evaluator first = start(new SummingJudge());
        append(first, 1, 100);
        first.close();
        append(first, 100, 103);

        var judge = new SummingJudge();
        judge.memory = Duration.ofSeconds(11);
        clock.set(FakeClock.START.plusSeconds(100));
        start(judge);
        Waiting.await().until(() -> judge.published.size() == 3);

        assertThat(judge.remembered).isEqualTo(IntStream.range(89, 100).boxed().toList());
    }

    @Test
    void otherJudgesTakeOverBetweenBatches() throws Exception {
        var old = new SummingJudge();
        Evaluator evaluator = start(old);
        append(evaluator, 1, 4);
        Waiting.await().until(() -> old.published.size() == 3);

        var successor = new SummingJudge();
        CompletableFuture<Void> inOffice = evaluator.replaceJudges(PLAN, List.of(successor));
        inOffice.get(20, TimeUnit.SECONDS);
        append(evaluator, 4, 6);
        Waiting.await().until(() -> successor.published.size() == 2);

        assertThat(old.published).containsExactly(1, 2, 3);
        assertThat(stored()).isEqualTo(15);
    }

    @Test
    void timePassesForJudgesWithoutResults() {
        var judge = new SummingJudge();
        start(judge);
        Waiting.await().until(() -> judge.emptyBatches.get() >= 2);
    }

    @Test
    void aStoreThatCannotBeReadAtTheStartIsToldToTheCaller() {
        var judge = new SummingJudge();
        judge.restoreFault = new StoreException("the store is damaged");
        var evaluator = new Evaluator(store.get(), clock);

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> evaluator.start(PLAN, List.of(judge)))
                .withMessage("the store is damaged");
    }

    private Evaluator start(Judge... judges) {
        var evaluator = new Evaluator(store.get(), clock);
        evaluators.add(evaluator);
        evaluator.start(PLAN, List.of(judges));
        return evaluator;
    }

    /** Journals results numbered from … to - 1; a number is the result's second. */
    private void append(Evaluator evaluator, int from, int to) {
        store.get()
                .journal()
                .append(IntStream.range(from, to).mapToObj(EvaluatorTest::result).toList());
        evaluator.wake();
    }

    private static Result result(int number) {
        return Runs.pass(SERIES, FakeClock.START.plusSeconds(number), Duration.ofMillis(1));
    }

    private static int number(Result result) {
        return (int) Duration.between(FakeClock.START, result.startedAt()).toSeconds();
    }

    private int stored() {
        return stored("sum");
    }

    private int stored(String name) {
        return store.get().read(handle -> SummingJudge.read(handle, name));
    }

    /** Sums the numbers of results, durably, and publishes what is committed. */
    private static final class SummingJudge implements Judge {
        final String name;
        volatile List<Integer> published = List.of();
        final AtomicInteger restores = new AtomicInteger();
        final AtomicInteger emptyBatches = new AtomicInteger();
        volatile int largestBatch;
        volatile boolean failOnce;
        volatile boolean alwaysFails;
        volatile boolean failsUntilAskedWithoutResults;
        private boolean hasFailed;
        volatile int poison;
        volatile StoreException storeFault;
        volatile StoreException restoreFault;
        volatile Duration memory = Duration.ZERO;
        final List<Integer> remembered = new ArrayList<>();

        // confined to the evaluator's thread
        private int sum;
        private List<Integer> judged = new ArrayList<>();

        SummingJudge() {
            this("sum");
        }

        SummingJudge(String name) {
            this.name = name;
        }

        static int read(Handle handle, String name) {
            byte[] value = State.all(handle, "test").getOrDefault(name, new byte[] {'0'});
            return Integer.parseInt(new String(value, StandardCharsets.UTF_8));
        }

        @Override
        public void restore(Handle tx, Plan plan, Instant now) {
            if (restoreFault != null) {
                throw restoreFault;
            }
            restores.incrementAndGet();
            sum = read(tx, name);
            judged = new ArrayList<>(published);
            assertThat(Cursor.read(tx)).isGreaterThanOrEqualTo(judged.size());
        }

        @Override
        public Duration memory() {
            return memory;
        }

        @Override
        public void remember(Result result) {
            remembered.add(number(result));
        }

        @Override
        public void advance(Handle tx, List<Result> results, Instant now) {
            Consumer<RuntimeException> fail = e -> {
                if (e != null) {
                    throw e;
                }
            };
            fail.accept(alwaysFails ? new IllegalStateException("always") : null);
            if (failsUntilAskedWithoutResults && !results.isEmpty()) {
                hasFailed = true;
                throw new IllegalStateException("not yet");
            }
            failsUntilAskedWithoutResults &= !hasFailed;
            largestBatch = Math.max(largestBatch, results.size());
            if (results.isEmpty()) {
                emptyBatches.incrementAndGet();
            }
            for (Result result : results) {
                sum += number(result);
                judged.add(number(result));
                fail.accept(number(result) == poison ? new IllegalStateException("stumbled") : null);
            }
            State.put(tx, "test", name, Integer.toString(sum).getBytes(StandardCharsets.UTF_8));
            fail.accept(results.isEmpty() ? null : storeFault);
            if (failOnce && !results.isEmpty()) {
                failOnce = false;
                throw new IllegalStateException("once");
            }
        }

        @Override
        public void committed() {
            published = List.copyOf(judged);
        }
    }
}
