package dev.gatewatch.probes.resources;

import dev.gatewatch.probe.Memory;
import dev.gatewatch.stats.Trend.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The last points of one value, kept compactly in the memory of a series: at most {@value #MOST} over the window, however often the probe
 * runs. Confined to the run's thread.
 */
final class History {
    static final int MOST = 120;

    private static final String VERSION = "1";

    private final Memory memory;
    private final String key;
    private final String head;
    private final Duration window;

    /**
     * The points of one value.
     *
     * @param name the value's name
     * @param fingerprint changes when the name begins to mean something else, whose points must not mix with these
     */
    History(Memory memory, String name, String fingerprint, Duration window) {
        this.memory = memory;
        this.key = "trend." + name;
        this.head = VERSION + ":" + Integer.toHexString(fingerprint.hashCode());
        this.window = window;
    }

    /** Adds a point and gives all within the window, the new one last. */
    List<Point> add(Point now) {
        var points = new ArrayList<>(read());
        long from = now.millis() - window.toMillis();
        // a clock that was set back leaves points of the future behind
        points.removeIf(p -> p.millis() < from || p.millis() >= now.millis());
        long gap = window.toMillis() / MOST;
        boolean due = points.isEmpty() || now.millis() - points.getLast().millis() >= gap;
        var all = new ArrayList<>(points);
        all.add(now);
        if (due) {
            List<Point> kept = all.size() <= MOST ? all : all.subList(all.size() - MOST, all.size());
            memory.put(key, written(kept));
        }
        return all;
    }

    private String written(List<Point> points) {
        var text = new StringBuilder(head);
        long last = 0;
        for (Point point : points) {
            text.append(' ').append(point.millis() - last).append(' ').append(shown(point.value()));
            last = point.millis();
        }
        return text.toString();
    }

    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.valueOf((long) value) : String.valueOf(value);
    }

    /** What cannot be read was written by another version or for another meaning of the name, and begins anew. */
    private List<Point> read() {
        String[] words = memory.get(key).orElse("").split(" ");
        if (!words[0].equals(head) || words.length % 2 == 0) {
            return List.of();
        }
        var points = new ArrayList<Point>();
        long millis = 0;
        try {
            for (int i = 1; i < words.length; i += 2) {
                millis += Long.parseLong(words[i]);
                points.add(new Point(millis, Double.parseDouble(words[i + 1])));
            }
        } catch (NumberFormatException _) {
            return List.of();
        }
        return points;
    }
}
