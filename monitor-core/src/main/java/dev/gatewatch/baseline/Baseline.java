package dev.gatewatch.baseline;

import dev.gatewatch.baseline.BaselineSettings.Direction;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * What is usual for one measured quantity of one series, and how unusual the present is. Under 8 kB, whatever comes. Confined to one
 * thread.
 *
 * <p>A run is judged first and learnt after: {@link Rhythm the week}, {@link Level where values lie now} and {@link Residuals how they
 * scatter} say what to expect of it; {@link Step}, {@link Level}, {@link Tail} and {@link Errors} gather evidence against that; and a
 * {@link Calibration} for each kind says how often quiet runs of this series bring so much. The rarest counts. The method and its
 * figures are in {@code docs/baselines.md}.
 */
public final class Baseline {
    private static final byte VERSION = 3;
    private static final int MOST_BYTES = 8192;

    /** Runs before anything is judged, and again after a long silence. */
    private static final int LEAST_RUNS = 100;

    private static final int LEAST_RUNS_AGAIN = 30;
    private static final long HOUR = 3_600_000L;
    private static final long SILENCE = 12 * HOUR;
    private static final long STALE = 72 * HOUR;
    private static final long SHIFTED = 24 * HOUR;
    /** An alarm's runs are not learnt for so long; then they are the new usual. */
    private static final long PATIENCE = 6 * HOUR;

    /** The tail is learnt from a fortnight, so what it promises is kept by this much more than needed. */
    private static final double MARGIN = 0.7;

    private static final double HOLD = 1.0;
    private static final double RELEASE = 0.3;
    private static final double NONE = -9;
    /** Nats for a step that a few far runs among usual ones do not reach. */
    private static final double MOST_MOVED = 6;

    private final BaselineSettings settings;
    private final boolean bothWays;
    private final Week week;
    private final Yardstick yardstick;
    private final Rhythm rhythm = new Rhythm();
    private final Level level;
    private final Residuals residuals = new Residuals();
    private final Step step = new Step();
    private final Step stepBack = new Step();
    private final Tail tail = Tail.worse();
    private final Tail tailBack = Tail.better();
    private final Errors errors = new Errors();
    private final Calibration[] calibrations;
    private final double[] evidence;
    private final double leastDrift;
    private final double stepEffect;

    private long runs;
    private long measured;
    private long runsInPeriod;
    private long period = Long.MIN_VALUE;
    private long last = Long.MIN_VALUE;
    private long heldSince = Long.MIN_VALUE;
    private int fresh = LEAST_RUNS;
    /** The score of the last run, without the margin. */
    private double present = NONE;

    private double off;

    private Baseline(BaselineSettings settings) {
        this.settings = settings;
        bothWays = settings.direction() == Direction.BOTH;
        week = new Week(settings.zone());
        yardstick = new Yardstick(settings.scale(), settings.direction());
        leastDrift = Math.log1p(settings.leastRatio());
        stepEffect = Math.log1p(2 * settings.leastRatio());
        level = new Level(rhythm, week, stepEffect);
        calibrations = new Calibration[bothWays ? Channel.values().length : Channel.ONE_WAY];
        for (int i = 0; i < calibrations.length; i++) {
            calibrations[i] = new Calibration(CHANNELS[i]);
        }
        evidence = new double[calibrations.length];
    }

    private static final Channel[] CHANNELS = Channel.values();

    /** One that knows nothing yet. */
    public static Baseline fresh(BaselineSettings settings) {
        return new Baseline(settings);
    }

    /** Judges a run, then learns from it. */
    public Judgement observe(Instant at, double value, boolean ok, boolean learn) {
        return observe(at.toEpochMilli(), value, ok, learn);
    }

    /**
     * Judges a run, then learns from it. Runs come in the order of time; one that is not after the one before counts as if it were.
     *
     * @param value the quantity; NaN where the run has none. Values of failed runs are not looked at
     * @param learn false for runs in incidents and maintenance, and for those that are not the target's own doing
     */
    public Judgement observe(long at, double value, boolean ok, boolean learn) {
        long now = Math.max(at, last);
        silence(now);
        level.at(now);
        evidence[Channel.ERRORS.index] = errors.see(now, ok);
        double number = ok ? yardstick.measure(value) : Double.NaN;
        boolean numbered = !Double.isNaN(number);
        off = numbered ? level.off(now, number) : 0;
        if (numbered) {
            see(now, off);
        }
        Judgement judgement = judge(now);
        learn(now, number, off, ok, learn);
        last = now;
        return judgement;
    }

    private void silence(long now) {
        if (last == Long.MIN_VALUE || now - last < SILENCE) {
            return;
        }
        level.restart();
        forgetPresent();
        heldSince = Long.MIN_VALUE;
        if (now - last >= STALE) {
            fresh = Math.max(fresh, LEAST_RUNS_AGAIN);
        }
    }

    private void forgetPresent() {
        step.forget();
        stepBack.forget();
        tail.forgetPresent();
        tailBack.forgetPresent();
        errors.forgetPresent();
    }

    private void see(long now, double off) {
        double spread = residuals.spread();
        int bin = Residuals.bin(off / spread);
        int time = Residuals.timeOfDay(week, now);
        evidence[Channel.STEP.index] = step.see(now, off, spread, stepEffect);
        tail.see(now, time, bin, off, residuals);
        for (int i = 0; i < 4; i++) {
            evidence[Channel.SLOW_2.index + i] = tail.evidence(i);
        }
        if (bothWays) {
            evidence[Channel.STEP_BACK.index] = stepBack.see(now, -off, spread, stepEffect);
            tailBack.see(now, time, bin, off, residuals);
            evidence[Channel.SLOW_3_BACK.index] = tailBack.evidence(0);
        }
    }

    private void learn(long now, double number, double off, boolean ok, boolean wanted) {
        boolean calm = wanted && heldSince == Long.MIN_VALUE;
        if (calm) {
            errors.learn(ok);
        }
        if (!Double.isNaN(number)) {
            measured++;
            learnValue(now, number, off, wanted, calm);
        }
        runs++;
        runsInPeriod++;
        fresh = Math.max(0, fresh - 1);
        if (wanted) {
            for (int i = 0; i < calibrations.length; i++) {
                calibrations[i].saw(evidence[i]);
            }
            hold(now);
        }
        turnPeriod(now);
    }

    private void learnValue(long now, double number, double off, boolean wanted, boolean calm) {
        double spread = residuals.spread();
        if (calm) {
            tail.learn(off, spread);
            if (bothWays) {
                tailBack.learn(off, spread);
            }
            residuals.learn(Residuals.timeOfDay(week, now), Residuals.bin(off / spread), off);
        }
        tail.next(off, spread);
        tailBack.next(off, spread);
        if (!wanted) {
            level.interrupt();
            return;
        }
        if (level.add(now, number, calm)) {
            step.forget();
        }
        evidence[Channel.DRIFT.index] = level.drift();
        if (bothWays) {
            evidence[Channel.DRIFT_BACK.index] = level.driftBack();
        }
    }

    private void turnPeriod(long now) {
        long present = week.period(now, Calibration.PERIOD);
        if (present == period) {
            return;
        }
        if (period != Long.MIN_VALUE) {
            for (Calibration calibration : calibrations) {
                calibration.close((double) runsInPeriod);
            }
            errors.settle();
            level.centre();
            residuals.age();
            tail.stale();
            tailBack.stale();
        }
        runsInPeriod = 0;
        period = present;
    }

    private Judgement judge(long now) {
        double best = NONE;
        int rarest = -1;
        for (int i = 0; i < calibrations.length; i++) {
            if (evidence[i] > 0) {
                double score = score(CHANNELS[i], calibrations[i].score(evidence[i]));
                if (score > best) {
                    best = score;
                    rarest = i;
                }
            }
        }
        present = best;
        BaselineState state = state(now);
        double score = best - MARGIN;
        if (state == BaselineState.LEARNING || state == BaselineState.STALE) {
            score = Math.min(0, score);
        }
        if (rarest < 0 || !level.known()) {
            return new Judgement(state, Math.min(0, score), Shape.NONE, now, presentValue(), band(now));
        }
        return told(state, score, named(CHANNELS[rarest]), now);
    }

    /** Where most runs moved at once, the far ones among them are no variance, and the hour's mean is no drift. */
    private Channel named(Channel rarest) {
        if (rarest.shape == Shape.ERRORS) {
            return rarest;
        }
        if (evidence[Channel.STEP.index] >= MOST_MOVED) {
            return Channel.STEP;
        }
        return bothWays && evidence[Channel.STEP_BACK.index] >= MOST_MOVED ? Channel.STEP_BACK : rarest;
    }

    private double score(Channel channel, double calibrated) {
        double score = calibrated + channel.share - (bothWays ? 0.3 : 0);
        return switch (channel.shape) {
            case DRIFT -> level.timeKnown() && matters(Math.abs(level.away()), leastDrift) ? score : NONE;
            case STEP -> matters(channel == Channel.STEP ? step.mean() : stepBack.mean(), 0) ? seenTime(score) : NONE;
            case VARIANCE -> seenTime(score);
            case ERRORS, NONE -> score;
        };
    }

    /** At a time of day never seen before, a change may be the rhythm's. */
    private double seenTime(double score) {
        return score > 0 && !level.timeSeen() ? score / 2 : score;
    }

    private boolean matters(double off, double least) {
        if (off < least) {
            return false;
        }
        double middle = level.present();
        return Math.abs(yardstick.value(middle + off) - yardstick.value(middle)) >= settings.leastChange();
    }

    /** While the present is unusual it is not learnt, but not for ever. */
    private void hold(long now) {
        if (present > HOLD) {
            if (heldSince == Long.MIN_VALUE) {
                heldSince = now;
            } else if (now - heldSince > PATIENCE) {
                level.adopt(now);
                forgetPresent();
                heldSince = Long.MIN_VALUE;
            }
        } else if (present < RELEASE) {
            heldSince = Long.MIN_VALUE;
        }
    }

    private Judgement told(BaselineState state, double score, Channel channel, long now) {
        return switch (channel) {
            case STEP -> new Judgement(state, score, Shape.STEP, step.since(), moved(step.mean()), band(now));
            case STEP_BACK -> new Judgement(
                    state, score, Shape.STEP, stepBack.since(), moved(-stepBack.mean()), band(now));
            case DRIFT, DRIFT_BACK -> new Judgement(
                    state, score, Shape.DRIFT, level.driftSince(), drifted(now), band(now));
            case SLOW_2, SLOW_3, SLOW_5, SLOW_10 -> shared(
                    state,
                    score,
                    Shape.VARIANCE,
                    tail.since(channel.index - Channel.SLOW_2.index),
                    tail.now(),
                    tail.usual());
            case SLOW_3_BACK -> shared(
                    state, score, Shape.VARIANCE, tailBack.since(0), tailBack.now(), tailBack.usual());
            case ERRORS -> shared(state, score, Shape.ERRORS, errors.since(), errors.now(), errors.usual());
        };
    }

    private static Judgement shared(
            BaselineState state, double score, Shape shape, long since, double now, double usual) {
        return new Judgement(state, score, shape, since, now, new Band(0, usual, Math.min(1, 3 * usual)));
    }

    private double moved(double off) {
        return yardstick.value(level.present() + off);
    }

    private double drifted(long now) {
        return yardstick.value(level.middle(week.slot(now)) + level.away());
    }

    private double presentValue() {
        return level.known() ? yardstick.value(level.present()) : Double.NaN;
    }

    /** The usual range at a moment: nine of ten usual values lie in it. */
    public Band band(long at) {
        if (!level.known()) {
            return Band.UNKNOWN;
        }
        double[] distribution = residuals.distribution(Residuals.timeOfDay(week, at));
        double middle = level.middle(week.slot(at));
        double wander = 1.645 * level.restlessness();
        double above = Math.hypot(Math.max(0, residuals.quantile(distribution, 0.95)), wander);
        double below = Math.hypot(Math.min(0, residuals.quantile(distribution, 0.05)), wander);
        double one = yardstick.value(middle - below);
        double other = yardstick.value(middle + above);
        return new Band(Math.min(one, other), yardstick.value(middle), Math.max(one, other));
    }

    /**
     * What the last run was off by: on a ratio scale the natural logarithm of its ratio to what was expected, on a linear one about tenths
     * of spreads. Above 0 is worse. 0 where it had no value or nothing was known. No evidence by itself, as single runs are often far off.
     */
    public double off() {
        return off;
    }

    /** The value beyond which a run counts as far off, as the shares of {@link Shape#VARIANCE} mean it; NaN where nothing is known. */
    public double far(long at) {
        return level.known()
                ? yardstick.value(level.middle(week.slot(at)) + Tail.far(residuals.spread()))
                : Double.NaN;
    }

    /** The state after the last run. */
    public BaselineState state() {
        return last == Long.MIN_VALUE ? BaselineState.LEARNING : state(last);
    }

    /** The state at a moment, at which no run need have come. */
    public BaselineState state(long now) {
        if (runs < LEAST_RUNS) {
            return BaselineState.LEARNING;
        }
        if (fresh > 0 || now - last >= STALE) {
            return BaselineState.STALE;
        }
        long shifted = level.shiftedAt();
        return shifted != Long.MIN_VALUE && now - shifted < SHIFTED ? BaselineState.SHIFTED : BaselineState.READY;
    }

    /** While {@link BaselineState#SHIFTED}: the new level as a multiple of the one before (of spreads' tenths, on a linear scale). */
    public OptionalDouble shift() {
        return state() == BaselineState.SHIFTED
                ? OptionalDouble.of(Math.exp(settings.direction() == Direction.LOWER ? -level.shiftedBy() : level.shiftedBy()))
                : OptionalDouble.empty();
    }

    /** When another level was last taken over, in milliseconds of the epoch; nothing where none was in the last day. */
    public OptionalLong shiftedAt() {
        return state() == BaselineState.SHIFTED ? OptionalLong.of(level.shiftedAt()) : OptionalLong.empty();
    }

    /** The slow level, without the rhythm of the week and in the quantity's own unit; NaN where nothing is known. */
    public double level() {
        return level.known() ? yardstick.value(level.slow()) : Double.NaN;
    }

    /** Runs seen. */
    public long runs() {
        return runs;
    }

    /**
     * One baseline that knows what these know, such as those of one probe at several locations: its level and rhythm are their mean
     * by runs, its scatter and failures their sum. Its present is empty, and what evidence is worth it learns anew.
     */
    public static Baseline merged(BaselineSettings settings, List<Baseline> parts) {
        var whole = new Baseline(settings);
        for (Baseline part : parts) {
            if (part.measured > 0 && part.level.known()) {
                if (whole.measured == 0) {
                    whole.yardstick.take(part.yardstick);
                }
                whole.level.merge(part.level, (double) part.measured / (whole.measured + part.measured));
            }
            whole.rhythm.merge(part.rhythm);
            whole.residuals.merge(part.residuals);
            whole.tail.merge(part.tail);
            whole.tailBack.merge(part.tailBack);
            whole.errors.merge(part.errors);
            whole.measured += part.measured;
            whole.runs += part.runs;
            whole.last = Math.max(whole.last, part.last);
            whole.fresh = Math.min(whole.fresh, part.fresh);
        }
        return whole;
    }

    /** All of it, to be kept; under 8 kB. */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        out.put(VERSION).put(code(settings));
        out.putLong(runs).putLong(measured).putLong(runsInPeriod).putLong(period).putLong(last).putLong(heldSince);
        out.putInt(fresh).putDouble(present).putDouble(off);
        out.put((byte) (last == Long.MIN_VALUE ? 0 : week.ahead(last)));
        yardstick.write(out);
        rhythm.write(out);
        level.write(out);
        residuals.write(out);
        step.write(out);
        tail.write(out);
        errors.write(out);
        if (bothWays) {
            stepBack.write(out);
            tailBack.write(out);
        }
        for (int i = 0; i < calibrations.length; i++) {
            calibrations[i].write(out);
            out.putDouble(evidence[i]);
        }
        var sum = new CRC32();
        sum.update(out.array(), 0, out.position());
        out.putInt((int) sum.getValue());
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /**
     * One read back, with the settings of today: direction and scale have to be those of then, the rest may differ. What was learnt in another
     * zone lies at the same moments of the week in this one, as the clocks of both stood at the last run.
     *
     * @throws IllegalArgumentException where these are not the bytes of such a baseline of this version, whole and undamaged
     */
    public static Baseline fromBytes(BaselineSettings settings, byte[] bytes) {
        if (bytes.length < 8 || bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException("not a baseline: " + bytes.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != VERSION) {
            throw new IllegalArgumentException("a baseline of version " + bytes[0] + ", not " + VERSION);
        }
        var sum = new CRC32();
        sum.update(bytes, 0, bytes.length - 4);
        if ((int) sum.getValue() != in.getInt(bytes.length - 4)) {
            throw new IllegalArgumentException("a damaged baseline: its checksum differs");
        }
        if (in.get() != code(settings)) {
            throw new IllegalArgumentException("a baseline of another direction or scale");
        }
        try {
            var read = new Baseline(settings);
            read.read(in);
            if (in.remaining() != 4) {
                throw new IllegalArgumentException("a baseline with " + (in.remaining() - 4) + " bytes too many");
            }
            return read;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a baseline cut off after " + bytes.length + " bytes", e);
        }
    }

    /** What the numbers kept mean. */
    private static byte code(BaselineSettings settings) {
        int direction =
                switch (settings.direction()) {
                    case HIGHER -> 0;
                    case LOWER -> 1;
                    case BOTH -> 2;
                };
        return (byte) (settings.scale() == BaselineSettings.Scale.RATIO ? direction : direction + 3);
    }

    private void read(ByteBuffer in) {
        runs = in.getLong();
        measured = in.getLong();
        runsInPeriod = in.getLong();
        period = in.getLong();
        last = in.getLong();
        heldSince = in.getLong();
        fresh = in.getInt();
        present = in.getDouble();
        off = in.getDouble();
        int ahead = in.get();
        yardstick.read(in);
        rhythm.read(in);
        level.read(in);
        residuals.read(in);
        step.read(in);
        tail.read(in);
        errors.read(in);
        if (bothWays) {
            stepBack.read(in);
            tailBack.read(in);
        }
        for (int i = 0; i < calibrations.length; i++) {
            calibrations[i].read(in);
            evidence[i] = in.getDouble();
        }
        if (last != Long.MIN_VALUE && week.ahead(last) != ahead) {
            turnClock(week.ahead(last) - ahead);
        }
    }

    /** What was learnt by the clock of one zone goes on by another's. */
    private void turnClock(int ahead) {
        rhythm.turnClock(ahead);
        residuals.turnClock(ahead);
        level.turnClock();
        period = week.period(last, Calibration.PERIOD);
    }
}
