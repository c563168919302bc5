package dev.gatewatch.baseline;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The usual course of a week: an offset for each half hour, learnt from its visits. A half hour of one day differs from that of the
 * other working days (or of the weekend, or of all days) only as far as its own visits prove it: a positive-part James-Stein shrinkage,
 * so that a Sunday's batch window is learnt from two Sundays while noise is not.
 */
final class Rhythm {
    private static final int WAITING = 6;
    /** A visit counts this many parts. */
    private static final int WHOLE = 20;

    private static final int FIRST_DAY = 6;
    private static final int MOST = 6 * WHOLE;

    private final float[] offset = new float[Week.SLOTS];
    private final byte[] visits = new byte[Week.SLOTS];
    /** Bits: where in the week the level was once seen to jump; a second jump there is rhythm. */
    private final long[] turns = new long[(Week.SLOTS + 63) / 64];

    /** Visits of the last hours, not taken in yet because a jump may prove them to be another level's. */
    private final short[] waiting = new short[WAITING];

    private final float[] waitingValue = new float[WAITING];
    private final float[] waitingOff = new float[WAITING];
    private final byte[] waitingKind = new byte[WAITING];
    private int held;

    /** Variance of a visit about what was expected of it. */
    private double unrest = 0.01;

    private long taken;

    /** What the runs of a visit were. */
    static final byte QUIET = 3;

    static final byte MOSTLY_QUIET = 2;
    static final byte LOUD = 1;
    private static final byte DROPPED = 0;

    /** The offset to expect in a slot. */
    double expected(int slot) {
        int day = slot / Week.DAY;
        int hour = slot % Week.DAY;
        int from = day < 5 ? 0 : 5;
        int to = day < 5 ? 5 : 7;
        double all = 0;
        double group = 0;
        int allVisits = 0;
        int groupVisits = 0;
        for (int d = 0; d < 7; d++) {
            int at = d * Week.DAY + hour;
            all += visits[at] * offset[at];
            allVisits += visits[at];
            if (d >= from && d < to) {
                group += visits[at] * offset[at];
                groupVisits += visits[at];
            }
        }
        double every = allVisits == 0 ? 0 : all / allVisits;
        double similar = shrunk(groupVisits == 0 ? 0 : group / groupVisits, groupVisits, every);
        return shrunk(offset[slot], visits[slot], similar);
    }

    private double shrunk(double own, int parts, double others) {
        if (parts == 0) {
            return others;
        }
        double apart = own - others;
        double noise = unrest / Math.max(0.3, (double) parts / WHOLE - 0.7);
        double proven = Math.max(0, apart * apart - 2 * noise);
        return others + apart * proven / (proven + noise);
    }

    /** How many whole visits this time of day has had on any day. */
    double known(int slot) {
        int sum = 0;
        for (int at = slot % Week.DAY; at < Week.SLOTS; at += Week.DAY) {
            sum += visits[at];
        }
        return (double) sum / WHOLE;
    }

    /**
     * A visit is over.
     *
     * @param value its offset
     * @param off what of that was not expected
     */
    void visited(int slot, double value, double off, byte kind, boolean firstDay) {
        if (held == WAITING) {
            if (waitingKind[0] != DROPPED) {
                take(waiting[0], waitingValue[0], waitingOff[0], waitingKind[0], firstDay);
            }
            held--;
            System.arraycopy(waiting, 1, waiting, 0, held);
            System.arraycopy(waitingValue, 1, waitingValue, 0, held);
            System.arraycopy(waitingOff, 1, waitingOff, 0, held);
            System.arraycopy(waitingKind, 1, waitingKind, 0, held);
        }
        waiting[held] = (short) slot;
        waitingValue[held] = (float) value;
        waitingOff[held] = (float) off;
        waitingKind[held] = kind;
        held++;
    }

    /** Leaves out the last visits: they belong to two levels. */
    void drop(int last) {
        for (int i = Math.max(0, held - last); i < held; i++) {
            waitingKind[i] = DROPPED;
        }
    }

    private void take(int slot, double value, double off, byte kind, boolean firstDay) {
        double seen = (double) visits[slot] / WHOLE;
        double bound = seen >= 2 ? 4 * Math.sqrt(unrest) : Double.MAX_VALUE;
        double change = Math.clamp(value - offset[slot], -bound, bound);
        double trust = kind >= MOSTLY_QUIET || seen < 2 ? 1 : 0.5;
        offset[slot] += (float) (trust * change / (Math.min(seen, 5) + 1));
        visits[slot] = (byte) Math.min(MOST, visits[slot] + (firstDay ? FIRST_DAY : WHOLE));
        if (kind == QUIET) {
            taken++;
            double rate = 2.0 / Math.min(taken + 10, 500);
            unrest = Math.max(1e-5, unrest * Math.exp(Math.abs(off) > 0.6745 * Math.sqrt(unrest) ? rate : -rate));
        }
    }

    /** Marks a turn of the level in this slot; false where there was one before, here or beside. */
    boolean turn(int slot) {
        if (turned(slot) || turned(slot - 1) || turned(slot + 1)) {
            return false;
        }
        turns[slot >> 6] |= 1L << (slot & 63);
        return true;
    }

    private boolean turned(int slot) {
        int at = Math.floorMod(slot, Week.SLOTS);
        return (turns[at >> 6] >>> (at & 63) & 1) != 0;
    }

    /** Moves all that was learnt. */
    void shift(double by) {
        for (int i = 0; i < Week.SLOTS; i++) {
            if (visits[i] > 0) {
                offset[i] += (float) by;
            }
        }
    }

    /** The same week by a clock that is ahead by so many half hours. */
    void turnClock(int ahead) {
        float[] offsets = offset.clone();
        byte[] seen = visits.clone();
        boolean[] jumped = new boolean[Week.SLOTS];
        for (int slot = 0; slot < Week.SLOTS; slot++) {
            jumped[slot] = turned(slot);
        }
        Arrays.fill(turns, 0);
        for (int slot = 0; slot < Week.SLOTS; slot++) {
            int to = Math.floorMod(slot + ahead, Week.SLOTS);
            offset[to] = offsets[slot];
            visits[to] = seen[slot];
            if (jumped[slot]) {
                turns[to >> 6] |= 1L << (to & 63);
            }
        }
        for (int i = 0; i < held; i++) {
            waiting[i] = (short) Math.floorMod(waiting[i] + ahead, Week.SLOTS);
        }
    }

    /** The mean of all offsets, which belongs to the level. */
    double mean() {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < Week.SLOTS; i++) {
            if (visits[i] > 0) {
                sum += offset[i];
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    void merge(Rhythm other) {
        for (int i = 0; i < Week.SLOTS; i++) {
            int both = visits[i] + other.visits[i];
            if (both > 0) {
                offset[i] = (visits[i] * offset[i] + other.visits[i] * other.offset[i]) / both;
                visits[i] = (byte) Math.min(MOST, both);
            }
        }
        unrest = taken + other.taken == 0
                ? unrest
                : (taken * unrest + other.taken * other.unrest) / (taken + other.taken);
        taken += other.taken;
        for (int i = 0; i < turns.length; i++) {
            turns[i] |= other.turns[i];
        }
    }

    void write(ByteBuffer out) {
        for (float value : offset) {
            out.putFloat(value);
        }
        out.put(visits);
        for (long bits : turns) {
            out.putLong(bits);
        }
        for (int i = 0; i < WAITING; i++) {
            out.putShort(waiting[i])
                    .putFloat(waitingValue[i])
                    .putFloat(waitingOff[i])
                    .put(waitingKind[i]);
        }
        out.put((byte) held).putDouble(unrest).putLong(taken);
    }

    void read(ByteBuffer in) {
        for (int i = 0; i < Week.SLOTS; i++) {
            offset[i] = in.getFloat();
        }
        in.get(visits);
        for (int i = 0; i < Week.SLOTS; i++) {
            visits[i] = (byte) Math.clamp(visits[i], 0, MOST);
        }
        for (int i = 0; i < turns.length; i++) {
            turns[i] = in.getLong();
        }
        for (int i = 0; i < WAITING; i++) {
            waiting[i] = (short) Math.clamp(in.getShort(), 0, Week.SLOTS - 1);
            waitingValue[i] = in.getFloat();
            waitingOff[i] = in.getFloat();
            waitingKind[i] = in.get();
        }
        held = Math.clamp(in.get(), 0, WAITING);
        unrest = in.getDouble();
        taken = in.getLong();
    }
}
