package dev.gatewatch.alerting.rule;

import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.baseline.live.Learnt;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The latest runs of one series, as conditions look at them. {@code broken} runs are not taken in: they say nothing about the target.
 * Confined to the evaluator's thread.
 *
 * <p>A run takes 20 bytes, and 8 for each fact that a condition compares; texts are kept of the latest run, the latest degraded and the latest failed one only. Runs are addressed by their age: 0 is the
 * latest. Times are whole milliseconds, so that they are the same after a way through the store.
 */
public final class SeriesWindow {
    private static final int SMALLEST = 8;
    private static final int EVIDENCE_LENGTH = 200;
    private static final long MOST_AT_ONCE = 10_000;
    private static final int LEAST_FOR_MIDDLE = 3;

    private final int capacity;
    private final Duration interval;
    private final Optional<String> expiryFact;
    private final SeriesFacts known;

    // a ring of columns that grows up to the capacity
    private long[] startedAt;
    private int[] latencyMicros;
    private Outcome[] outcome;
    private @Nullable Cause[] cause;
    private int head = -1;
    private int size;

    private @Nullable Result last;

    /** What is learnt said of the latest run, of each quantity that some condition compares. */
    private Map<Quantity, Judgement> judgements = Map.of();

    private final Set<Quantity> learnt;
    private ZoneId zone = ZoneOffset.UTC;
    private Said degraded = Said.NOTHING;
    private Said failed = Said.NOTHING;
    private long expiry;
    private long expirySeenAt = Long.MIN_VALUE;

    /** A column for each fact that some condition compares; NaN where a run has no such number. */
    private final Map<String, double[]> numbers = new HashMap<>();

    private final Map<Optional<Duration>, Tally> tallies = new HashMap<>();
    private final Map<TrailOf, Trail> trails = new HashMap<>();
    private long silence;
    private long passedUntil = Long.MIN_VALUE;

    /**
     * An empty window.
     *
     * @param capacity the most runs to keep, at least 1
     * @param interval between runs, as planned
     * @param expiryFact the name of the fact that tells when the certificate ends (seconds since the epoch), where runs report one
     */
    public SeriesWindow(int capacity, Duration interval, Optional<String> expiryFact) {
        this(capacity, interval, new SeriesFacts(expiryFact, Optional.empty(), Map.of()), Set.of(), Set.of());
    }

    private SeriesWindow(int capacity, Duration interval, SeriesFacts known, Set<String> facts, Set<Quantity> learnt) {
        this.learnt = learnt;
        this.capacity = Math.max(1, capacity);
        this.interval = interval;
        this.known = known;
        this.expiryFact = known.expiry();
        int start = Math.min(this.capacity, SMALLEST);
        startedAt = new long[start];
        latencyMicros = new int[start];
        outcome = new Outcome[start];
        cause = new Cause[start];
        facts.forEach(name -> numbers.put(name, new double[start]));
    }

    /**
     * The window of a configured series, as large as its conditions need.
     *
     * @param least how many runs to keep at least
     */
    public static SeriesWindow of(ProbeSpec spec, Collection<Condition> conditions, int least) {
        int runs = conditions.stream().mapToInt(c -> c.runs(spec.interval())).reduce(least, Math::max);
        Set<String> facts = conditions.stream().flatMap(c -> c.facts().stream()).collect(Collectors.toSet());
        Set<Quantity> learnt = conditions.stream().flatMap(c -> c.learnt().stream()).collect(Collectors.toSet());
        return new SeriesWindow(runs, spec.interval(), SeriesFacts.of(spec), facts, learnt);
    }

    /** What the baseline of this quantity said of the latest run; absent where none is kept. */
    Optional<Judgement> judgement(Quantity quantity) {
        return Optional.ofNullable(judgements.get(quantity));
    }

    /** Whose hours are told in texts. */
    ZoneId zone() {
        return zone;
    }

    /** Notes what baselines say of the run that was taken in last. */
    public void judged(Result result, Learnt by) {
        if (learnt.isEmpty()) {
            return;
        }
        zone = by.zone(result.series());
        var said = new HashMap<Quantity, Judgement>();
        learnt.forEach(quantity -> by.judgement(result, quantity).ifPresent(judgement -> said.put(quantity, judgement)));
        judgements = said;
    }

    /** The middle latency of the latest runs, at most so many and not before then, that did not fail; absent with fewer than three. */
    public Optional<Duration> middleLatency(int most, Duration reach) {
        int[] micros = IntStream.range(0, Math.min(most, within(reach)))
                .filter(age -> outcome(age) != Outcome.FAIL)
                .map(this::latencyMicros)
                .sorted()
                .toArray();
        return micros.length < LEAST_FOR_MIDDLE ? Optional.empty() : Optional.of(Duration.ofNanos(1_000L * micros[micros.length / 2]));
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
        silence = 0;
        if (passedUntil != Long.MIN_VALUE) {
            passedUntil = Math.max(passedUntil, result.endedAt().toEpochMilli());
        }
        numbers.forEach((name, values) -> values[head] = number(result.report().facts().get(name)));
        trails.forEach((of, trail) -> trail.add(startedAt[head], number(result.report().facts().get(of.fact()))));
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

    private static double number(@Nullable Fact fact) {
        return switch (fact) {
            case Fact.Quantity(double number) -> number;
            case Fact.Flag(boolean flag) -> flag ? 1 : 0;
            case Fact.Text _ -> Double.NaN;
            case null -> Double.NaN;
        };
    }

    /**
     * Time passes. Only so much of it counts at once: while the machine slept, the daemon was down or its clock was set forward, no run
     * could have come.
     */
    public void passed(Instant now) {
        if (passedUntil != Long.MIN_VALUE) {
            silence += Math.clamp(now.toEpochMilli() - passedUntil, 0, MOST_AT_ONCE);
        }
        passedUntil = now.toEpochMilli();
    }

    /** How long no run has said anything of the target, of the time that was seen to pass. */
    public Duration silence() {
        return Duration.ofMillis(silence);
    }

    /** When time was seen to pass last. */
    Instant passedUntil() {
        return Instant.ofEpochMilli(passedUntil);
    }

    /** What is counted for an objective over a longer time than the window holds; bad runs are those slower than this, and failed ones. */
    public void tally(Optional<Duration> slower, Tally tally) {
        tallies.put(slower, tally);
    }

    Tally tally(Optional<Duration> slower) {
        return tallies.getOrDefault(slower, Tally.NONE);
    }

    private record TrailOf(String fact, Duration over) {}

    /** Has a fact followed over a longer time than the window holds. */
    public void follow(String fact, Trail trail) {
        trails.put(new TrailOf(fact, trail.over()), trail);
    }

    /** Where a fact went; absent where it is not followed. */
    Optional<Trail> trail(String fact, Duration over) {
        return Optional.ofNullable(trails.get(new TrailOf(fact, over)));
    }

    /** The probe's labels. */
    Map<String, String> labels() {
        return known.labels();
    }

    /**
     * The share of the certificate's lifetime that is left, as the latest run told: the server's own, whose chain may well be older; where
     * there is no server, the least of all certificates.
     */
    OptionalDouble lifetimeLeft() {
        if (last == null || size == 0) {
            return OptionalDouble.empty();
        }
        Map<String, Fact> facts = last.report().facts();
        double own = number(facts.get(SeriesFacts.LIFETIME));
        if (Double.isFinite(own)) {
            return OptionalDouble.of(own);
        }
        return facts.entrySet().stream()
                .filter(fact -> known.lifetime().filter(spec -> spec.covers(fact.getKey())).isPresent())
                .mapToDouble(fact -> number(fact.getValue()))
                .filter(Double::isFinite)
                .min();
    }

    /** The number of a fact in a run; NaN where it has none, or the window does not keep it. */
    double number(String fact, int age) {
        double[] values = numbers.get(fact);
        return values == null ? Double.NaN : values[at(age)];
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
        numbers.replaceAll((_, values) -> Arrays.copyOf(values, length));
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
