package dev.gatewatch.baseline;

import java.nio.ByteBuffer;

/**
 * Evidence that all values moved at once: a CUSUM (Page 1954) of the likelihood ratio of a shift, each run's part of it clipped, so that
 * a burst of a few wild runs is not enough (Huber's robust sequential test).
 */
final class Step {
    private static final double CLIP = 1.5;
    private static final double MOST = 25;
    /** Runs after which the mean of a long step forgets its first. */
    private static final int MEAN = 60;

    private double sum;
    private long since;
    private double mean;
    private int count;

    /**
     * @param off how far this run is off the usual
     * @param spread the usual spread of that
     * @param effect half the shift that is looked for: what is off by less speaks against one
     */
    double see(long at, double off, double spread, double effect) {
        double ratio = 2 * effect * (off - effect) / (spread * spread);
        double next = sum + Math.clamp(ratio, -CLIP, CLIP);
        if (next <= 0) {
            forget();
            return 0;
        }
        if (sum == 0) {
            since = at;
        }
        sum = Math.min(MOST, next);
        count = Math.min(MEAN, count + 1);
        mean += (off - mean) / count;
        return sum;
    }

    long since() {
        return since;
    }

    /** The mean of what the runs since then are off by. */
    double mean() {
        return mean;
    }

    void forget() {
        sum = 0;
        count = 0;
        mean = 0;
    }

    void write(ByteBuffer out) {
        out.putDouble(sum).putLong(since).putDouble(mean).putInt(count);
    }

    void read(ByteBuffer in) {
        sum = in.getDouble();
        since = in.getLong();
        mean = in.getDouble();
        count = in.getInt();
    }
}
