package dev.gatewatch.alerting.rule;

import dev.gatewatch.stats.Trend.Point;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Where a fact of one series went over a time: the last value of each of {@value #POINTS} equal parts of it, so at most 2 kB however often the probe
 * runs. Confined to the evaluator's thread.
 */
public final class Trail {
    static final int POINTS = 96;

    private final long over;
    private final long part;
    private final ArrayDeque<Point> points = new ArrayDeque<>();

    /** Whether a part was begun since it was last written. */
    private boolean grown;

    /** @param over how far back it goes */
    public Trail(Duration over) {
        this.over = over.toMillis();
        this.part = Math.max(1, this.over / POINTS);
    }

    /**
     * Takes a value in; one that is older than the last is left out, so that runs which are remembered do no harm.
     *
     * @param at Unix time in milliseconds
     */
    public void add(long at, double value) {
        if ((!points.isEmpty() && at < points.getLast().millis()) || !Double.isFinite(value)) {
            return;
        }
        if (!points.isEmpty() && points.getLast().millis() / part == at / part) {
            points.removeLast();
        } else {
            grown = true;
        }
        points.addLast(new Point(at, value));
        while (points.getFirst().millis() <= at - over || points.size() > POINTS + 1) {
            points.removeFirst();
        }
    }

    /** Oldest first. */
    List<Point> points() {
        return List.copyOf(points);
    }

    Duration over() {
        return Duration.ofMillis(over);
    }

    /** Whether there is something to write, and that there is not any more. */
    public boolean takeGrown() {
        boolean was = grown;
        grown = false;
        return was;
    }

    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(16 * points.size());
        points.forEach(point -> bytes.putLong(point.millis()).putDouble(point.value()));
        return bytes.array();
    }

    /** Takes up what {@link #toBytes} wrote; nothing of what something else did. */
    public void read(byte[] written) {
        points.clear();
        if (written.length % 16 == 0) {
            ByteBuffer bytes = ByteBuffer.wrap(written);
            while (bytes.hasRemaining()) {
                add(bytes.getLong(), bytes.getDouble());
            }
        }
        grown = false;
    }
}
