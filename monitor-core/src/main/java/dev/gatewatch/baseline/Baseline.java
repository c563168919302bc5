package dev.gatewatch.baseline;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/**
 * What is usual for one measured quantity of one series, and how unusual the present is. Bounded in memory. Confined to one thread.
 *
 * <p>Each run is judged first and learnt after.
 */
public final class Baseline {
    private static final int VERSION = 1;
    private static final int LEAST_RUNS = 60;
    private static final int SLOTS = 336;
    private static final long SLOT = 1_800_000;
    private static final long STALE = 3 * 86_400_000L;

    private final BaselineSettings settings;
    private final float[] slots = new float[SLOTS];
    private long runs;
    private long last = Long.MIN_VALUE;
    private double level = Double.NaN;
    private double spread = 0.1;
    private double failing = 0.001;
    private double slow;
    private double errors;
    private long slowSince;
    private long errorsSince;

    private Baseline(BaselineSettings settings) {
        this.settings = settings;
    }

    /** One that knows nothing yet. */
    public static Baseline fresh(BaselineSettings settings) {
        return new Baseline(settings);
    }

    /** Judges a run, then learns from it. */
    public Judgement observe(Instant at, double value, boolean ok, boolean learn) {
        return observe(at.toEpochMilli(), value, ok, learn);
    }

    /**
     * Judges a run, then learns from it. A run that is not after the one before is judged as if it came right after.
     *
     * @param value the quantity; NaN where the run has none. Values of failed runs are not looked at
     * @param learn false for runs in incidents and maintenance, and for those that are not the target's own doing
     */
    public Judgement observe(long at, double value, boolean ok, boolean learn) {
        int slot = slot(at);
        boolean measured = ok && value > 0;
        double log = measured ? Math.log(value) : Double.NaN;
        double off = measured ? log - (Double.isNaN(level) ? log : level) - slots[slot] : 0;
        double z = Math.clamp(off / spread, -3, 3);
        if (measured) {
            slowSince = slow == 0 ? at : slowSince;
            slow = Math.max(0, slow + z - 1);
        }
        errorsSince = errors == 0 ? at : errorsSince;
        errors = Math.max(0, errors + (ok ? Math.log(0.9 / (1 - failing)) : Math.log(0.1 / failing)));
        BaselineState state = state();
        boolean byErrors = errors > slow;
        double evidence = Math.max(slow, errors);
        double score = state == BaselineState.READY ? evidence / Math.log(10) - 3 : 0;
        Judgement judgement = evidence == 0
                ? new Judgement(state, Math.min(0, score), Shape.NONE, at, value, band(at))
                : byErrors
                        ? new Judgement(state, score, Shape.ERRORS, errorsSince, 0.1, new Band(0, failing, failing * 3))
                        : new Judgement(state, score, Shape.STEP, slowSince, value, band(at));
        if (learn) {
            failing += ((ok ? 0 : 1) - failing) / Math.min(runs + 1000, 20_000);
            if (measured) {
                double rate = 1.0 / Math.min(runs + 1, 2000);
                level = Double.isNaN(level) ? log : level + rate * z * spread;
                spread = Math.max(0.02, spread + rate * (Math.min(Math.abs(off), 3 * spread) * 1.25 - spread));
                slots[slot] += (float) (0.01 * z * spread);
            }
            runs++;
        }
        last = Math.max(last, at);
        return judgement;
    }

    /** The usual range at a moment. */
    public Band band(long at) {
        if (Double.isNaN(level)) {
            return Band.UNKNOWN;
        }
        double middle = level + slots[slot(at)];
        return new Band(
                Math.exp(middle - 1.645 * spread), Math.exp(middle), Math.exp(middle + 1.645 * spread));
    }

    public BaselineState state() {
        return runs < LEAST_RUNS ? BaselineState.LEARNING : BaselineState.READY;
    }

    /** The state at a moment at which no run need have come. */
    public BaselineState state(long now) {
        return last != Long.MIN_VALUE && now - last > STALE ? BaselineState.STALE : state();
    }

    /** One baseline that knows what these know, such as those of one probe at several locations. Its present is empty. */
    public static Baseline merged(BaselineSettings settings, List<Baseline> parts) {
        var whole = new Baseline(settings);
        double weight = 0;
        double level = 0;
        for (Baseline part : parts) {
            if (Double.isNaN(part.level)) {
                continue;
            }
            double share = part.runs / (weight + part.runs);
            weight += part.runs;
            level += share * (part.level - level);
            whole.spread += share * (part.spread - whole.spread);
            whole.failing += share * (part.failing - whole.failing);
            for (int i = 0; i < SLOTS; i++) {
                whole.slots[i] += (float) (share * (part.slots[i] - whole.slots[i]));
            }
            whole.runs += part.runs;
            whole.last = Math.max(whole.last, part.last);
        }
        whole.level = weight == 0 ? Double.NaN : level;
        return whole;
    }

    /** All of it, to be kept; under 8 kB. */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(1 + 9 * 8 + SLOTS * 4);
        out.put((byte) VERSION).putLong(runs).putLong(last).putDouble(level).putDouble(spread).putDouble(failing);
        out.putDouble(slow).putDouble(errors).putLong(slowSince).putLong(errorsSince);
        for (float slot : slots) {
            out.putFloat(slot);
        }
        return out.array();
    }

    /**
     * One read back.
     *
     * @throws IllegalArgumentException where these are not the bytes of a baseline of this version
     */
    public static Baseline fromBytes(BaselineSettings settings, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("a baseline of version " + version + ", not " + VERSION);
            }
            var read = new Baseline(settings);
            read.runs = in.getLong();
            read.last = in.getLong();
            read.level = in.getDouble();
            read.spread = in.getDouble();
            read.failing = in.getDouble();
            read.slow = in.getDouble();
            read.errors = in.getDouble();
            read.slowSince = in.getLong();
            read.errorsSince = in.getLong();
            for (int i = 0; i < SLOTS; i++) {
                read.slots[i] = in.getFloat();
            }
            return read;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a baseline cut off after " + bytes.length + " bytes", e);
        }
    }

    private int slot(long at) {
        long local = at + settings.zone().getRules().getOffset(Instant.ofEpochMilli(at)).getTotalSeconds() * 1000L;
        // the epoch was a Thursday
        return Math.floorMod(local / SLOT + 3 * 48, SLOTS);
    }
}
