package dev.gatewatch.alerting.slo;

import dev.gatewatch.alerting.rule.Tally.Counts;
import java.time.Duration;
import java.util.Arrays;

/**
 * A ring of buckets of one length, counted from the epoch: good and bad runs in each. The newest bucket pushes the oldest out. Confined to
 * one thread.
 */
final class Tier {
    /** In this order they are written; each holds counts for times up to {@link #longest}. */
    enum Length {
        FIVE_MINUTES(0, Duration.ofMinutes(5), Duration.ofHours(6)),
        HOUR(1, Duration.ofHours(1), Duration.ofDays(3)),
        DAY(2, Duration.ofDays(1), Duration.ofDays(90));

        final long millis;
        final Duration longest;

        /** As the store has it. */
        final int code;

        Length(int code, Duration length, Duration longest) {
            this.code = code;
            this.millis = length.toMillis();
            this.longest = longest;
        }

        /** How many buckets a time reaches over, cut off at both ends. */
        int bucketsOf(Duration time) {
            return Math.toIntExact(time.toMillis() / millis) + 2;
        }

        long bucket(long instant) {
            return Math.floorDiv(instant, millis);
        }
    }

    private static final int SMALLEST = 4;

    final Length length;
    private final int capacity;
    private char[] good = new char[SMALLEST];
    private char[] bad = new char[SMALLEST];
    private long newest = Long.MIN_VALUE;
    private long oldest = Long.MIN_VALUE;

    /** @param over the longest time that will be asked for */
    Tier(Length length, Duration over) {
        this.length = length;
        this.capacity = length.bucketsOf(over.compareTo(length.longest) < 0 ? over : length.longest);
    }

    /** Counts one run, and answers whether it is not too old. */
    boolean count(long bucket, boolean isBad) {
        if (!reach(bucket)) {
            return false;
        }
        char[] column = isBad ? bad : good;
        int at = at(bucket);
        column[at] = (char) Math.min(Character.MAX_VALUE, column[at] + 1);
        return true;
    }

    /** What a bucket holds from earlier on. */
    void set(long bucket, int goodRuns, int badRuns) {
        if (reach(bucket)) {
            good[at(bucket)] = (char) Math.min(Character.MAX_VALUE, goodRuns);
            bad[at(bucket)] = (char) Math.min(Character.MAX_VALUE, badRuns);
        }
    }

    int good(long bucket) {
        return holds(bucket) ? good[at(bucket)] : 0;
    }

    int bad(long bucket) {
        return holds(bucket) ? bad[at(bucket)] : 0;
    }

    /** The runs after {@code from}, up to {@code end}; the bucket that {@code from} cuts counts by its share. */
    Counts between(long from, long end) {
        long first = length.bucket(from);
        long last = Math.min(length.bucket(end), newest);
        long goods = 0;
        long bads = 0;
        for (long bucket = Math.max(first + 1, oldest); bucket <= last; bucket++) {
            goods += good[at(bucket)];
            bads += bad[at(bucket)];
        }
        double share = (double) ((first + 1) * length.millis - from) / length.millis;
        return new Counts(goods + share * good(first), bads + share * bad(first));
    }

    private boolean holds(long bucket) {
        return bucket >= oldest && bucket <= newest && newest != Long.MIN_VALUE;
    }

    private int at(long bucket) {
        return Math.floorMod(bucket, good.length);
    }

    /** Makes room for a bucket; those between it and the newest are empty. */
    private boolean reach(long bucket) {
        if (newest == Long.MIN_VALUE) {
            newest = bucket;
            oldest = bucket;
            return true;
        }
        if (bucket <= newest - capacity) {
            return false;
        }
        long from = Math.min(bucket, oldest);
        long to = Math.max(bucket, newest);
        grow(Math.min(to - from + 1, capacity));
        long begin = Math.max(from, to - good.length + 1);
        for (long b = begin; b <= to; b++) {
            if (!holds(b)) {
                good[at(b)] = 0;
                bad[at(b)] = 0;
            }
        }
        oldest = Math.max(begin, from);
        newest = to;
        return true;
    }

    private void grow(long needed) {
        if (needed <= good.length) {
            return;
        }
        int size = (int) Math.min(capacity, Math.max(needed, good.length * 2L));
        char[] moreGood = new char[size];
        char[] moreBad = new char[size];
        for (long b = Math.max(oldest, newest - good.length + 1); b <= newest; b++) {
            moreGood[Math.floorMod(b, size)] = good[at(b)];
            moreBad[Math.floorMod(b, size)] = bad[at(b)];
        }
        good = moreGood;
        bad = moreBad;
    }

    @Override
    public String toString() {
        return length + " " + Arrays.toString(good);
    }
}
