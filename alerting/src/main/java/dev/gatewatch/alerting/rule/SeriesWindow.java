package dev.gatewatch.alerting.rule;

import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The latest runs of one series, as conditions look at them. {@code broken} runs are not taken in: they say nothing about the target.
 * Confined to the evaluator's thread.
 *
 * <p>A run takes 20 bytes; texts are kept of the latest run, the latest degraded and the latest failed one only. Runs are addressed by their age: 0 is the
 * latest. Times are whole milliseconds, so that they are the same after a way through the store.
 */
public final class SeriesWindow {
    private static final int SMALLEST = 8;
    private static final int EVIDENCE_LENGTH = 200;

    private final int capacity;
    private final Duration interval;
    private final Optional<String> expiryFact;

    // a ring of columns that grows up to the capacity
    private long[] startedAt;
    private int[] latencyMicros;
    private Outcome[] outcome;
    private @Nullable Cause[] cause;
    private int head = -1;
    private int size;

    private @Nullable Result last;
    private @Nullable Judgement judgement;
    private Said degraded = Said.NOTHING;
    private Said failed = Said.NOTHING;
    private long expiry;
    private long expirySeenAt = Long.MIN_VALUE;

    /**
     * An empty window.
     *
     * @param capacity the most runs to keep, at least 1
     * @param interval between runs, as planned
     * @param expiryFact the name of the fact that tells when the certificate ends (seconds since the epoch), where runs report one
     */
    public SeriesWindow(int capacity, Duration interval, Optional<String> expiryFact) {
        this.capacity = Math.max(1, capacity);
        this.interval = interval;
        this.expiryFact = expiryFact;
        int start = Math.min(this.capacity, SMALLEST);
        startedAt = new long[start];
        latencyMicros = new int[start];
        outcome = new Outcome[start];
        cause = new Cause[start];
    }

    /** What the baseline said of the latest run; absent where none is kept. */
    Optional<Judgement> judgement() {
        return Optional.ofNullable(judgement);
    }

    /** Notes what the baseline says of the run that was taken in last. */
    public void judged(Optional<Judgement> said) {
        judgement = said.orElse(null);
    }

    /** Takes a run in, and answers whether it says anything about the target. */
    public boolean add(Result result) {
        if (result.outcome() == Outcome.BROKEN) {
            return false;
        }
        if (size == startedAt.length && size < capacity) {
            grow();
        }
        head = (head + 1) % startedAt.length;
        size = Math.min(size + 1, startedAt.length);
        startedAt[head] = result.startedAt().toEpochMilli();
        latencyMicros[head] = Math.clamp(result.duration().toNanos() / 1_000, 0, Integer.MAX_VALUE);
        outcome[head] = result.outcome();
        cause[head] = result.report().cause().orElse(null);
        last = result;
        switch (result.outcome()) {
            case DEGRADED -> degraded = Said.by(result);
            case FAIL -> failed = Said.by(result);
            case PASS, BROKEN -> {}
        }
        expiryFact.map(result.report().facts()::get).ifPresent(fact -> {
            if (fact instanceof Fact.Quantity(double seconds)) {
                expiry = (long) (seconds * 1000);
                expirySeenAt = startedAt[head];
            }
        });
        return true;
    }

    /** Drops all runs; what was said last stays. */
    public void forget() {
        head = -1;
        size = 0;
    }

    /** How many runs it holds. */
    public int size() {
        return size;
    }

    /** The most runs that it will ever hold. */
    public int capacity() {
        return capacity;
    }

    public Duration interval() {
        return interval;
    }

    /** How many of the latest runs started less than {@code reach} before the latest one. */
    public int within(Duration reach) {
        if (size == 0) {
            return 0;
        }
        long after = startedAt[head] - reach.toMillis();
        int n = 0;
        while (n < size && startedAt[at(n)] > after) {
            n++;
        }
        return n;
    }

    public Instant startedAt(int age) {
        return Instant.ofEpochMilli(startedAt[at(age)]);
    }

    public Outcome outcome(int age) {
        return outcome[at(age)];
    }

    /** Absent for a run that passed. */
    public Optional<Cause> cause(int age) {
        return Optional.ofNullable(cause[at(age)]);
    }

    public int latencyMicros(int age) {
        return latencyMicros[at(age)];
    }

    /** The latest run, which is not a broken one. */
    public Optional<Result> last() {
        return Optional.ofNullable(last);
    }

    /** What the latest failed run, or the latest degraded one, had to say. */
    Said said(Outcome outcome) {
        return outcome == Outcome.FAIL ? failed : degraded;
    }

    /** When the certificate ends, if a run that started less than {@code reach} before the latest one has told. */
    public Optional<Instant> certificateExpiry(Duration reach) {
        return size > 0 && expirySeenAt > startedAt[head] - reach.toMillis()
                ? Optional.of(Instant.ofEpochMilli(expiry))
                : Optional.empty();
    }

    /** Whether the latest run has told when the certificate ends. */
    boolean certificateSeenNow() {
        return size > 0 && expirySeenAt == startedAt[head];
    }

    private int at(int age) {
        if (age < 0 || age >= size) {
            throw new IndexOutOfBoundsException("run " + age + " of " + size);
        }
        return Math.floorMod(head - age, startedAt.length);
    }

    /** Called only when the columns are full and were never overwritten, so they need no turning. */
    private void grow() {
        int length = Math.min(capacity, startedAt.length * 2);
        startedAt = Arrays.copyOf(startedAt, length);
        latencyMicros = Arrays.copyOf(latencyMicros, length);
        outcome = Arrays.copyOf(outcome, length);
        cause = Arrays.copyOf(cause, length);
    }

    /**
     * What a run had to say.
     *
     * @param evidence what proves it, in one short line; may be empty
     */
    record Said(String message, String evidence) {
        static final Said NOTHING = new Said("", "");

        static Said by(Result result) {
            List<Evidence> evidence = result.report().evidence();
            return new Said(result.report().message(), evidence.isEmpty() ? "" : oneLine(evidence.getFirst()));
        }

        private static String oneLine(Evidence evidence) {
            return Words.cut((evidence.title() + ": " + evidence.text()).strip().replaceAll("\\s+", " "), EVIDENCE_LENGTH);
        }
    }
}
