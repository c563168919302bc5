package dev.gatewatch.web.page;

import dev.gatewatch.probe.Outcome;
import dev.gatewatch.view.SeriesView;
import dev.gatewatch.view.SeriesView.Point;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/**
 * The latest runs as a small inline SVG: a bar a run, newest at the right, as high as its latency; failing runs stand full height in
 * their own colour and with a foot below the line, so that they show without colour too. Made of numbers and fixed words only.
 */
final class Sparkline {
    private static final int STEP = 3;
    private static final int WIDTH = SeriesView.RECENT * STEP;
    private static final int BASE = 22;
    private static final int HEIGHT = 26;
    private static final int LEAST = 2;

    private Sparkline() {}

    static String of(List<Point> points, Optional<Duration> usual) {
        double top = top(points, usual);
        var paths = new EnumMap<State, StringBuilder>(State.class);
        int x = WIDTH - points.size() * STEP + 1;
        for (Point p : points) {
            boolean bad = p.outcome() == Outcome.FAIL || p.outcome() == Outcome.BROKEN;
            int height = bad ? BASE : Math.clamp(Math.round(p.latency().toNanos() / top * BASE), LEAST, BASE);
            paths.computeIfAbsent(State.of(p.outcome()), _ -> new StringBuilder())
                    .append('M')
                    .append(x)
                    .append(' ')
                    .append(bad ? HEIGHT : BASE)
                    .append('V')
                    .append(BASE - height);
            x += STEP;
        }
        var svg = new StringBuilder(600);
        svg.append("<svg class=\"spark\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT)
                .append("\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
                .append(words(points))
                .append("\">");
        usual.ifPresent(u -> {
            long y = BASE - Math.round(u.toNanos() / top * BASE);
            svg.append("<path class=\"usual\" d=\"M0 ").append(y).append('H').append(WIDTH).append("\"/>");
        });
        paths.forEach((state, d) -> svg.append("<path class=\"")
                .append(state.code())
                .append("\" d=\"")
                .append(d)
                .append("\"/>"));
        return svg.append("</svg>").toString();
    }

    /** The latency that fills the height: at least twice the usual, so that usual runs look calm. */
    private static double top(List<Point> points, Optional<Duration> usual) {
        double most = points.stream()
                .filter(p -> p.outcome() == Outcome.PASS || p.outcome() == Outcome.DEGRADED)
                .mapToDouble(p -> p.latency().toNanos())
                .max()
                .orElse(1);
        return Math.max(1, Math.max(most, usual.map(u -> u.toNanos() * 2.0).orElse(0.0)));
    }

    private static String words(List<Point> points) {
        if (points.isEmpty()) {
            return "no runs yet";
        }
        long bad = points.stream()
                .filter(p -> p.outcome() == Outcome.FAIL || p.outcome() == Outcome.BROKEN)
                .count();
        return "last " + Words.count(points.size(), "run") + ", " + (bad == 0 ? "none failed" : bad + " failed");
    }
}
