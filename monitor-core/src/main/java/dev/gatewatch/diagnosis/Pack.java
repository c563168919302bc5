package dev.gatewatch.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether one region has left the others behind, each measured by what is usual for itself: that {@code ap} is always slower than
 * {@code eu} is its place in the pack, not a fault. Pure functions.
 *
 * <p>How far each region is off its own usual (a logarithm of a ratio) is compared with the median of the others, in units of their scatter
 * about it: their median absolute deviation, taken for 5 % at least. A region leaves at 3.5 of these (Iglewicz and Hoaglin 1993, the modified
 * z-score) and 15 %, and is back below 2 of them or 8 %. With a single other region there is no scatter, so the gap has to be clear: 25 %;
 * back below 12 %. The others are as usual, or off by a third of the region's own logarithm at most (a half while it is named).
 */
final class Pack {
    private static final double LEAST_SCATTER = Math.log(1.05);
    private static final double NORMAL_MAD = 1.4826;

    private static final double LEAVES = 3.5;
    private static final double BACK = 2;
    private static final double LEAVES_BY = Math.log(1.15);
    private static final double BACK_BY = Math.log(1.08);
    private static final double CLEAR_GAP = Math.log(1.25);
    private static final double CLEAR_BACK = Math.log(1.12);

    private Pack() {}

    /** What can be said of a region. */
    enum Place {
        /** It is much further off its usual than the others off theirs. */
        LEFT,
        /** It had left, and all are as usual again: what is over soon was its own trouble still. */
        BACK,
        /** It is off as the others are. */
        WITHIN,
        /** Too little is known. */
        UNKNOWN
    }

    /** Where a region stands. Those that say nothing of the time since its trouble began are not compared. */
    static Place place(Symptom symptom) {
        List<Pace> others = compared(symptom).stream().flatMap(o -> o.pace().stream()).toList();
        Optional<Pace> own = symptom.own().pace();
        if (own.isEmpty() || others.isEmpty()) {
            return Place.UNKNOWN;
        }
        double[] off = others.stream().mapToDouble(Pace::off).toArray();
        double middle = median(off);
        double ahead = own.get().off() - middle;
        // what slows all of them by as many milliseconds slows the quickest by the largest ratio
        boolean alone = middle <= own.get().off() / (symptom.named() ? 2 : 3) || others.stream().allMatch(Pack::isUsual);
        boolean far = others.size() == 1
                ? ahead >= (symptom.named() ? CLEAR_BACK : CLEAR_GAP)
                : ahead >= (symptom.named() ? BACK_BY : LEAVES_BY)
                        && ahead / scatter(off, middle) >= (symptom.named() ? BACK : LEAVES);
        if (far && alone && own.get().off() > 0) {
            return Place.LEFT;
        }
        return symptom.named() && isUsual(own.get()) && others.stream().allMatch(Pack::isUsual) ? Place.BACK : Place.WITHIN;
    }

    /** With numbers: {@code 412 ms, usually 290 ms; beside it eu 121 ms (usually 120 ms) and us 180 ms (usually 180 ms), as usual}. */
    static String told(Symptom symptom) {
        Pace own = symptom.own().pace().orElseThrow();
        List<Standing> others = compared(symptom);
        List<String> told = others.stream()
                .flatMap(o -> o.pace().stream()
                        .map(pace -> o.series().region() + " " + millis(pace.now()) + " (usually " + millis(pace.usual()) + ")"))
                .toList();
        boolean allUsual = others.stream().flatMap(o -> o.pace().stream()).allMatch(Pack::isUsual);
        String beside = told.size() == 1
                ? told.getFirst()
                : told.stream().limit(told.size() - 1L).collect(Collectors.joining(", ")) + " and " + told.getLast();
        return millis(own.now()) + ", usually " + millis(own.usual()) + "; beside it " + beside + (allUsual ? ", as usual" : "");
    }

    private static List<Standing> compared(Symptom symptom) {
        return symptom.others().stream()
                .filter(other -> other.pace().isPresent() && !other.latest().isBefore(symptom.own().since()))
                .toList();
    }

    private static boolean isUsual(Pace pace) {
        return pace.now().compareTo(pace.upper()) <= 0;
    }

    private static double scatter(double[] off, double middle) {
        double[] away = new double[off.length];
        for (int i = 0; i < off.length; i++) {
            away[i] = Math.abs(off[i] - middle);
        }
        return Math.max(LEAST_SCATTER, NORMAL_MAD * median(away));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** To three figures. */
    private static String millis(Duration time) {
        double ms = time.toNanos() / 1e6;
        return ms < 9.995
                ? String.format(Locale.ROOT, "%.2f ms", ms)
                : ms < 999.5 ? String.format(Locale.ROOT, ms < 99.95 ? "%.1f ms" : "%.0f ms", ms) : String.format(Locale.ROOT, "%.2f s", ms / 1_000);
    }
}
