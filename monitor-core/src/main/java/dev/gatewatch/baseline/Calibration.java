package dev.gatewatch.baseline;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What one kind of evidence is worth for this very series: turns it into the decimal logarithm of the days between two times at which
 * quiet runs alone reach so much. Learnt from the greatest evidence in each of the last 42 periods of eight hours (a fortnight), whose
 * tail is taken for exponential (Gumbel 1958), and held to a prior where periods are few: evidence is in nats, and of an exact likelihood
 * ratio e^-t is the most that a tail can have (Ville; for CUSUMs Lorden 1971).
 */
final class Calibration {
    /** Hours of one period. */
    static final int PERIOD = 8;

    private static final int KEPT = 42;
    private static final double PARTS = 256;
    private static final double PER_DAY = 24.0 / PERIOD;
    /** Periods that the prior weighs. */
    private static final double PRIOR = 8;
    /** A period's greatest evidence counts for no more than this score, so that faults do not teach deafness. */
    private static final double MOST = 1.7;
    /** Of the standard Gumbel distribution: its median, and the mean excess over it. */
    private static final double MEDIAN = 0.3665;

    private static final double EXCESS = 1.17875;

    private final Channel channel;
    /** In parts of a nat. */
    private final short[] greatest = new short[KEPT];
    private int count;
    private int next;
    private double present;
    private double location;
    private double scale = 1.3;
    /** Of the periods, how many exceed the location; for channels whose evidence comes in lumps. */
    private double share = 0.3;

    Calibration(Channel channel) {
        this.channel = channel;
        location = channel.prior;
    }

    double score(double evidence) {
        if (channel.lumps) {
            return evidence < location ? -0.5 : (evidence - location) / scale / Math.log(10) - Math.log10(PER_DAY * share);
        }
        return (evidence - location) / scale / Math.log(10) - Math.log10(PER_DAY);
    }

    void saw(double evidence) {
        if (evidence > present) {
            present = evidence;
        }
    }

    /** Ends a period of so many runs. */
    void close(double runs) {
        if (channel.lumps && count == 0) {
            location = Math.log(2 * Math.max(20, runs));
        }
        greatest[next] = (short) (PARTS * Math.clamp(evidence(MOST), 0, Math.min(present, 127)));
        next = (next + 1) % KEPT;
        count = Math.min(KEPT, count + 1);
        present = 0;
        if (channel.lumps) {
            fitLumps(Math.log(2 * Math.max(20, runs)));
        } else {
            fit();
        }
    }

    private double evidence(double score) {
        double nats = scale * Math.log(10);
        return channel.lumps
                ? location + nats * (score + Math.log10(PER_DAY * share))
                : location + nats * (score + Math.log10(PER_DAY));
    }

    private void fit() {
        short[] sorted = Arrays.copyOf(greatest, count);
        Arrays.sort(sorted);
        double median = (sorted[count / 2] + sorted[(count - 1) / 2]) / 2.0 / PARTS;
        double excess = 0;
        int above = 0;
        for (short part : sorted) {
            double value = part / PARTS;
            if (value >= median) {
                excess += value - median;
                above++;
            }
        }
        double weight = count / 2.0;
        double own = excess / above / EXCESS;
        scale = Math.max(channel.leastScale, (weight * own + PRIOR * 1.3) / (weight + PRIOR));
        double trust = count / (count + 4.0);
        location = Math.max(channel.leastLocation, trust * (median - MEDIAN * scale) + (1 - trust) * channel.prior);
    }

    /** Peaks over a threshold (Pickands 1975): a single failure is a lump of evidence, so that medians of maxima say nothing. */
    private void fitLumps(double threshold) {
        location = threshold;
        int above = 0;
        double excess = 0;
        for (int i = 0; i < count; i++) {
            double value = greatest[i] / PARTS;
            if (value > threshold) {
                above++;
                excess += value - threshold;
            }
        }
        share = (above + 0.3 * 4) / (count + 4);
        scale = Math.max(channel.leastScale, (excess + PRIOR) / (above + PRIOR));
    }

    void write(ByteBuffer out) {
        out.put((byte) count).put((byte) next);
        out.putDouble(present).putDouble(location).putDouble(scale).putDouble(share);
        for (short value : greatest) {
            out.putShort(value);
        }
    }

    void read(ByteBuffer in) {
        count = Math.clamp(in.get(), 0, KEPT);
        next = Math.floorMod(in.get(), KEPT);
        present = in.getDouble();
        location = in.getDouble();
        scale = in.getDouble();
        share = in.getDouble();
        for (int i = 0; i < KEPT; i++) {
            greatest[i] = in.getShort();
        }
    }
}
