package dev.gatewatch.baseline;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the values lie now: a slow level that drifting is judged against, a fast one that steps are judged against, and what tells a
 * new level from a drift. Works on blocks of ten minutes and five runs at least, each the interquartile mean of what its runs lie above
 * the rhythm.
 *
 * <p>A sudden small change that stays is a deploy: it is taken over within about an hour. A slow one is not: that is a drift. A great
 * change is an alarm; it is taken over after {@link Baseline} has stood in alarm for hours.
 */
final class Level {
    private static final double MINUTE = 60_000;
    private static final double HOUR = 60 * MINUTE;
    private static final double BLOCK = 9.5 * MINUTE;
    private static final int LEAST_RUNS = 5;
    private static final int MOST_RUNS = 32;
    /** Two windows of up to an hour. */
    private static final int WINDOW = 6;

    private static final double SLOW = 96 * HOUR;
    private static final double FAST = HOUR;
    private static final long HALF_DAY = 12 * 3_600_000L;
    private static final double JUMP_SPREADS = 4;
    private static final double LEAST_JUMP = 0.08;
    private static final int REFUSED = -1;
    private static final int FIRST_DAY = 160;
    private static final int FIRST_WEEK = 7 * 144;
    private static final double NORMAL_MEDIAN = 0.6745;

    private final Rhythm rhythm;
    private final Week week;
    /** The greatest sudden change that is taken over. */
    private final double mostJump;

    private final double[] back = new double[2 * WINDOW];
    private final float[] runs = new float[MOST_RUNS];
    private int runCount;
    private int stride = 1;
    private int skipped;
    private long blockStart;
    private long blocks;
    private int filled;
    private double blockTime = 10 * MINUTE;
    private int window = WINDOW;

    private double slow = Double.NaN;
    private double fast;
    private double first;
    /** Variance of an hour's mean about the slow level, and of the difference of two hours. */
    private double restlessness = 0.01;

    private double turbulence = 0.004;

    private int slot = -1;
    private double expected;
    private double expectedBefore;
    private double expectedNext;
    private double visitSum;
    private int visitBlocks;
    private int visitLoud;

    private int pending;
    private double pendingJump;
    private long lastUp = Long.MIN_VALUE / 2;
    private double old = Double.NaN;
    private long oldSince;
    private long lowSince = Long.MIN_VALUE;
    private long driftSince;
    private double away;
    private long shiftedAt = Long.MIN_VALUE;
    private double shiftedBy;

    Level(Rhythm rhythm, Week week, double mostJump) {
        this.rhythm = rhythm;
        this.week = week;
        this.mostJump = mostJump;
    }

    /** A moment has come: where in the week it lies may have changed. */
    void at(long at) {
        int now = week.slot(at);
        if (now == slot) {
            return;
        }
        leave();
        expectedBefore = slot < 0 ? rhythm.expected(now) : expected;
        slot = now;
        expected = rhythm.expected(now);
        expectedNext = rhythm.expected((now + 1) % Week.SLOTS);
    }

    private void leave() {
        if (slot >= 0 && visitBlocks > 0) {
            double off = visitSum / visitBlocks;
            byte kind = visitLoud == 0
                    ? Rhythm.QUIET
                    : visitLoud * 2 <= visitBlocks ? Rhythm.MOSTLY_QUIET : Rhythm.LOUD;
            rhythm.visited(slot, off + expected, off, kind, blocks < FIRST_DAY);
        }
        forgetVisit();
    }

    private void forgetVisit() {
        visitSum = 0;
        visitBlocks = 0;
        visitLoud = 0;
    }

    boolean known() {
        return !Double.isNaN(slow);
    }

    /** What a value is off by, to the fast level. Near a steep edge of the rhythm the kinder side counts: jobs start late. */
    double off(long at, double measured) {
        if (Double.isNaN(slow)) {
            slow = measured;
        }
        double off = measured - slow - fast - expected;
        long into = week.intoSlot(at);
        if (into < 10 * MINUTE) {
            return kinder(off, expected - expectedBefore);
        }
        return into > 20 * MINUTE ? kinder(off, expected - expectedNext) : off;
    }

    private static double kinder(double off, double edge) {
        return Math.abs(edge) > 0.15 && Math.abs(off + edge) < Math.abs(off) ? off + edge : off;
    }

    /** The middle of the usual in a slot. */
    double middle(int at) {
        return slow + rhythm.expected(at);
    }

    /** The slow level by itself. */
    double slow() {
        return slow;
    }

    /** The middle now, as steps see it. */
    double present() {
        return slow + fast + expected;
    }

    /** How far the last hour lies above the slow level; small sudden changes of it not counted. */
    double away() {
        return away;
    }

    /** Evidence for an upward drift, in nats: half the square of its standard score, whose tail is an exponential's. */
    double drift() {
        return away > 0 ? away * away / (2 * restlessness) : 0;
    }

    /** The same downwards. */
    double driftBack() {
        return away < 0 ? away * away / (2 * restlessness) : 0;
    }

    /** When the last hour began to lie noticeably off. */
    long driftSince() {
        return driftSince;
    }

    double restlessness() {
        return Math.sqrt(restlessness);
    }

    /** Whether this time of day is known from more than the first day. */
    boolean timeKnown() {
        return slot >= 0 && rhythm.known(slot) >= 1;
    }

    /** Whether this time of day was ever seen. */
    boolean timeSeen() {
        return slot >= 0 && rhythm.known(slot) > 0.2;
    }

    /** When another level was last taken over, or the least number. */
    long shiftedAt() {
        return shiftedAt;
    }

    double shiftedBy() {
        return shiftedBy;
    }

    /**
     * Takes in a run; true where that took over a small upward jump, so that what the steps have seen is explained.
     *
     * @param calm false while in alarm: looked at, but not learnt
     */
    boolean add(long at, double measured, boolean calm) {
        if (blocks == 0) {
            first++;
            double step = Math.clamp(measured - slow - expected, -1, 1) / first;
            slow += step;
        }
        if (runCount == 0) {
            blockStart = at;
            stride = 1;
            skipped = 0;
        }
        if (++skipped >= stride) {
            skipped = 0;
            if (runCount == MOST_RUNS) {
                for (int i = 0; i < MOST_RUNS / 2; i++) {
                    runs[i] = runs[2 * i];
                }
                runCount = MOST_RUNS / 2;
                stride *= 2;
            }
            runs[runCount++] = (float) (measured - expected);
        }
        return at - blockStart >= BLOCK && runCount >= LEAST_RUNS && block(at, calm);
    }

    /** Drops a block begun: runs that must not be learnt came in between. */
    void interrupt() {
        runCount = 0;
    }

    private boolean block(long at, boolean calm) {
        double mean = interquartileMean() - slow;
        runCount = 0;
        double time = Math.min(at - blockStart + MINUTE, 2 * HOUR);
        System.arraycopy(back, 0, back, 1, back.length - 1);
        back[0] = mean;
        filled = Math.min(back.length, filled + 1);
        blocks++;
        double bound = 3 * Math.max(Math.sqrt(turbulence), 0.02);
        fast += rate(FAST, time) * Math.clamp(mean - fast, -bound, bound);
        if (filled < back.length) {
            begin(calm);
            return false;
        }
        blockTime += 0.02 * (Math.min(time, HOUR) - blockTime);
        window = Math.clamp(Math.round(HOUR / blockTime), 2, WINDOW);
        double recent = mean(0);
        double earlier = mean(window);
        boolean explained = jump(at, recent - earlier);
        returned(recent - earlier);
        sunk(at);
        judge(at, mean(0), mean(window), calm);
        visitSum += back[0];
        visitBlocks++;
        if (calm) {
            double reach = 2.5 * Math.sqrt(restlessness);
            move(Math.max(rate(SLOW, time), 1.0 / (blocks + 1)) * Math.clamp(mean, -reach, reach));
        } else {
            visitLoud++;
        }
        return explained;
    }

    /** The first two hours, or those after a long silence. */
    private void begin(boolean calm) {
        if (filled < 3) {
            move(back[0]);
        } else if (calm) {
            move(back[0] / filled);
            visitSum += back[0];
            visitBlocks++;
        }
    }

    private boolean jump(long at, double change) {
        boolean explained = false;
        boolean sudden = Math.abs(change) > Math.max(LEAST_JUMP, JUMP_SPREADS * Math.sqrt(turbulence));
        if (pending == REFUSED) {
            // the rest of one too great to take over is no jump of its own
            pending = sudden ? REFUSED : 0;
        } else if (pending > 0) {
            if (Math.abs(change) < Math.abs(pendingJump) - 1e-9 || pending > WINDOW) {
                boolean taken = takeOver(at, pendingJump);
                explained = taken && pendingJump > 0;
                pending = taken ? 0 : REFUSED;
            } else {
                pendingJump = change;
                pending++;
            }
        } else if (sudden) {
            pending = 1;
            pendingJump = change;
        } else {
            turbulence = adapted(turbulence, change, 2.0 / Math.min(blocks + 20, 1500), 1e-6);
        }
        return explained;
    }

    private boolean takeOver(long at, double jump) {
        boolean up = jump > 0;
        if (Math.abs(jump) > mostJump || !timeKnown() || (up && at - lastUp < HALF_DAY)) {
            return false;
        }
        if (!rhythm.turn(week.slot(at - (long) (window * blockTime)))) {
            return false;
        }
        if (up) {
            lastUp = at;
        } else if (Double.isNaN(old)) {
            old = slow;
            oldSince = at;
        }
        slow += jump;
        for (int i = 0; i <= window && i < back.length; i++) {
            back[i] -= jump;
        }
        fast = mean(0);
        rhythm.drop((int) Math.ceil((window + 1) * blockTime / Week.SLOT));
        forgetVisit();
        shifted(at, jump);
        return true;
    }

    private void shifted(long at, double by) {
        shiftedAt = at;
        shiftedBy = by;
    }

    /** Where a level was taken over and the one before is back, that one is taken up at once. */
    private void returned(double change) {
        if (Double.isNaN(old)) {
            return;
        }
        double above = mean(0);
        double toOld = slow + above - old;
        if (blockStart - oldSince > 8 * HALF_DAY) {
            old = Double.NaN;
        } else if (Math.abs(toOld) < Math.abs(above)
                && Math.abs(toOld) < 2 * Math.sqrt(restlessness)
                && Math.abs(change) < 2 * Math.sqrt(turbulence)) {
            shifted(blockStart, old - slow);
            move(old - slow);
            old = Double.NaN;
        }
    }

    /** A level far below for six hours is taken over: nothing else would, as it alarms nobody. */
    private void sunk(long at) {
        double above = mean(0);
        if (above >= -3 * Math.sqrt(restlessness) - 0.1) {
            lowSince = Long.MIN_VALUE;
        } else if (lowSince == Long.MIN_VALUE) {
            lowSince = at;
        } else if (at - lowSince > HALF_DAY / 2) {
            shifted(at, above);
            move(above);
            lowSince = Long.MIN_VALUE;
        }
    }

    private void judge(long at, double recent, double earlier, boolean calm) {
        double change = recent - earlier;
        // a sudden rise is the steps' to judge until it proves to stay
        away = change > 2 * Math.sqrt(turbulence) ? Math.min(recent, earlier) : recent;
        if (calm) {
            restlessness = adapted(restlessness, away, 2.0 / Math.min(blocks + 30, 1500), 4e-5);
        }
        if (Math.abs(away) < Math.sqrt(restlessness)) {
            driftSince = at;
        }
    }

    /** A variance moved towards one whose normal distribution has half its mass within; so that outliers weigh no more than others. */
    private static double adapted(double variance, double off, double rate, double least) {
        boolean outside = Math.abs(off) > NORMAL_MEDIAN * Math.sqrt(variance);
        return Math.max(least, variance * Math.exp(outside ? rate : -rate));
    }

    /** Takes the present for the usual. */
    void adopt(long at) {
        if (Double.isNaN(old) || at - oldSince > 4 * HALF_DAY) {
            old = slow;
            oldSince = at;
        }
        double above = mean(0);
        shifted(at, above);
        slow += above;
        Arrays.fill(back, 0);
        fast = 0;
        away = 0;
    }

    /** After a long silence: the level is found anew, the rhythm stays. */
    void restart() {
        filled = 0;
        runCount = 0;
        pending = 0;
        fast = 0;
        away = 0;
        forgetVisit();
        lowSince = Long.MIN_VALUE;
    }

    /** The week goes by another clock: the visit under way is no whole one. */
    void turnClock() {
        forgetVisit();
        slot = -1;
    }

    /** What all offsets share belongs to the level; once in a while. */
    void centre() {
        double mean = rhythm.mean();
        rhythm.shift(-mean);
        slow += mean;
        expected -= mean;
        expectedBefore -= mean;
        expectedNext -= mean;
    }

    private void move(double by) {
        if (blocks < FIRST_WEEK) {
            rhythm.shift(-by);
        }
        slow += by;
        fast -= by;
        for (int i = 0; i < back.length; i++) {
            back[i] -= by;
        }
    }

    private double mean(int from) {
        double sum = 0;
        for (int i = from; i < from + window; i++) {
            sum += back[i];
        }
        return sum / window;
    }

    private double interquartileMean() {
        Arrays.sort(runs, 0, runCount);
        int from = runCount / 4;
        int to = runCount - runCount / 4;
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += runs[i];
        }
        return sum / (to - from);
    }

    private static double rate(double memory, double time) {
        return 1 - Math.exp(-time / memory);
    }

    void merge(Level other, double share) {
        if (Double.isNaN(other.slow)) {
            return;
        }
        slow = Double.isNaN(slow) ? other.slow : slow + share * (other.slow - slow);
        restlessness += share * (other.restlessness - restlessness);
        turbulence += share * (other.turbulence - turbulence);
        blocks = Math.max(blocks, other.blocks);
    }

    void write(ByteBuffer out) {
        for (double block : back) {
            out.putDouble(block);
        }
        for (float run : runs) {
            out.putFloat(run);
        }
        out.putInt(runCount).putInt(stride).putInt(skipped).putLong(blockStart).putLong(blocks);
        out.putInt(filled).putDouble(blockTime).putInt(window).putDouble(slow).putDouble(fast);
        out.putDouble(first).putDouble(restlessness).putDouble(turbulence);
        out.putInt(slot).putDouble(expected).putDouble(expectedBefore).putDouble(expectedNext);
        out.putDouble(visitSum).putInt(visitBlocks).putInt(visitLoud);
        out.putInt(pending).putDouble(pendingJump).putLong(lastUp).putDouble(old).putLong(oldSince);
        out.putLong(lowSince).putLong(driftSince).putDouble(away).putLong(shiftedAt).putDouble(shiftedBy);
    }

    void read(ByteBuffer in) {
        for (int i = 0; i < back.length; i++) {
            back[i] = in.getDouble();
        }
        for (int i = 0; i < runs.length; i++) {
            runs[i] = in.getFloat();
        }
        runCount = Math.clamp(in.getInt(), 0, MOST_RUNS);
        stride = Math.max(1, in.getInt());
        skipped = in.getInt();
        blockStart = in.getLong();
        blocks = in.getLong();
        filled = Math.clamp(in.getInt(), 0, back.length);
        blockTime = in.getDouble();
        window = Math.clamp(in.getInt(), 2, WINDOW);
        slow = in.getDouble();
        fast = in.getDouble();
        first = in.getDouble();
        restlessness = in.getDouble();
        turbulence = in.getDouble();
        slot = Math.clamp(in.getInt(), -1, Week.SLOTS - 1);
        expected = in.getDouble();
        expectedBefore = in.getDouble();
        expectedNext = in.getDouble();
        visitSum = in.getDouble();
        visitBlocks = in.getInt();
        visitLoud = in.getInt();
        pending = in.getInt();
        pendingJump = in.getDouble();
        lastUp = in.getLong();
        old = in.getDouble();
        oldSince = in.getLong();
        lowSince = in.getLong();
        driftSince = in.getLong();
        away = in.getDouble();
        shiftedAt = in.getLong();
        shiftedBy = in.getDouble();
    }
}
