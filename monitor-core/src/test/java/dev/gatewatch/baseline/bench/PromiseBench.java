package dev.gatewatch.baseline.bench;

import dev.gatewatch.baseline.Baseline;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Sensitivity;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Counts the false alarms of each sensitivity on the clean probes of the latency bench, from the third week on, with its weeks moved to
 * where the clocks of Berlin change in the fourth of them, and with more runs missing: {@code PromiseBench plain|spring|autumn
 * utc|clock|berlin data.csv…}.
 *
 * <p>{@code utc} learns in days of UTC, without a change. {@code clock} learns in days of Berlin, and the probes' rhythms follow the clock
 * on the wall there, as people do. {@code berlin} learns in days of Berlin while the rhythms go on by UTC, as elsewhere in the world: after
 * the change all of them come an hour early or late.
 *
 * <p>In {@code spring} and {@code autumn} each probe misses 1 run in 100, and three times a week all runs of ten minutes to six hours.
 */
public final class PromiseBench {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final LocalDate FIRST_DAY = LocalDate.of(2024, 1, 1);

    /** So that the change, on 31 March and 27 October 2024, is the Sunday that ends the third week; both are Mondays. */
    private static final Map<String, LocalDate> MOVED_TO = Map.of(
            "plain", FIRST_DAY, "spring", LocalDate.of(2024, 3, 11), "autumn", LocalDate.of(2024, 10, 7));

    private static final long SCORED_FROM = Duration.ofDays(14).toMillis();
    private static final double SCORED_DAYS = 21;
    private static final double MISSING = 0.01;
    private static final double GAPS_A_DAY = 3 / 7.0;
    private static final double MINUTE = 60_000;
    private static final long JOINED = 30 * 60_000L;

    private PromiseBench() {}

    /** One clean probe. */
    private static final class Series {
        private final Baseline baseline;
        private final Random chance;
        private final Map<Sensitivity, Boolean> alarmed = new EnumMap<>(Sensitivity.class);
        private final Map<Sensitivity, Long> lastAlarmed = new EnumMap<>(Sensitivity.class);
        private double gapFrom;
        private double gapTo;

        Series(BaselineSettings settings, long seed) {
            baseline = Baseline.fresh(settings);
            chance = new Random(seed);
            nextGap(0);
        }

        private void nextGap(double after) {
            gapFrom = after - Math.log(1 - chance.nextDouble()) / GAPS_A_DAY * Duration.ofDays(1).toMillis();
            gapTo = gapFrom + MINUTE * (10 + 350 * chance.nextDouble());
        }

        boolean misses(long into) {
            while (into >= gapTo) {
                nextGap(gapTo);
            }
            return chance.nextDouble() < MISSING || into >= gapFrom;
        }

        /** Which alarms begin; one that comes back within half an hour is the same, as for the bench's scorer. */
        List<Sensitivity> see(long at, double value, boolean ok) {
            Judgement judgement = baseline.observe(at, value, ok, true);
            return Arrays.stream(Sensitivity.values())
                    .filter(sensitivity -> {
                        boolean before = alarmed.getOrDefault(sensitivity, false);
                        boolean now = before ? !judgement.over(sensitivity) : judgement.alarm(sensitivity);
                        alarmed.put(sensitivity, now);
                        long last = lastAlarmed.getOrDefault(sensitivity, Long.MIN_VALUE / 2);
                        if (now) {
                            lastAlarmed.put(sensitivity, at);
                        }
                        return now && !before && at - last > JOINED;
                    })
                    .toList();
        }
    }

    private static LocalDateTime wall(String season, long into) {
        return MOVED_TO.get(season).atStartOfDay().plus(Duration.ofMillis(into));
    }

    /** Whether the clocks leave out the hour of a run. */
    private static boolean leftOut(String season, String clock, long into) {
        return clock.equals("clock") && BERLIN.getRules().getValidOffsets(wall(season, into)).isEmpty();
    }

    /** When a run of the bench, so long after its first moment, takes place. */
    private static long moment(String season, String clock, long into) {
        LocalDateTime wall = wall(season, into);
        return (clock.equals("clock") ? wall.atZone(BERLIN).toInstant() : wall.toInstant(ZoneOffset.UTC)).toEpochMilli();
    }

    public static void main(String[] args) throws IOException {
        String season = args[0];
        String clock = args[1];
        BaselineSettings settings = BaselineSettings.latencyMillis().in(clock.equals("utc") ? ZoneOffset.UTC : BERLIN);
        long start = FIRST_DAY.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
        var alarms = new TreeMap<String, Map<Sensitivity, Integer>>();
        var series = new TreeMap<String, Integer>();
        for (String file : Arrays.asList(args).subList(2, args.length)) {
            var all = new HashMap<String, Series>();
            try (BufferedReader in = Files.newBufferedReader(Path.of(file))) {
                in.readLine();
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    String[] cells = line.split(",");
                    if (!cells[1].contains("-clean-")) {
                        continue;
                    }
                    String kind = cells[1].substring(0, cells[1].indexOf('-'));
                    Series one = all.computeIfAbsent(cells[1], name -> {
                        series.merge(kind, 1, Integer::sum);
                        return new Series(settings, (file + name).hashCode());
                    });
                    long into = Long.parseLong(cells[0]) - start;
                    if (leftOut(season, clock, into) || (!season.equals("plain") && one.misses(into))) {
                        continue;
                    }
                    for (Sensitivity begun : one.see(moment(season, clock, into), Double.parseDouble(cells[2]), cells[3].equals("1"))) {
                        if (into >= SCORED_FROM) {
                            alarms.computeIfAbsent(kind, _ -> new EnumMap<>(Sensitivity.class)).merge(begun, 1, Integer::sum);
                        }
                    }
                }
            }
        }
        for (Sensitivity sensitivity : Sensitivity.values()) {
            tell(sensitivity, series, alarms);
        }
    }

    private static void tell(Sensitivity sensitivity, Map<String, Integer> series, Map<String, Map<Sensitivity, Integer>> alarms) {
        double days = 0;
        int all = 0;
        var kinds = new StringBuilder();
        String worst = "";
        double least = Double.POSITIVE_INFINITY;
        for (Map.Entry<String, Integer> kind : series.entrySet()) {
            double own = kind.getValue() * SCORED_DAYS;
            int count = alarms.getOrDefault(kind.getKey(), Map.of()).getOrDefault(sensitivity, 0);
            kinds.append(' ').append(kind.getKey()).append(' ').append(count);
            days += own;
            all += count;
            if (count > 0 && own / count < least) {
                least = own / count;
                worst = kind.getKey();
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-6s promised %.0f days, %.0f between two, worst %s %.0f;%s of %.0f series-days%n",
                sensitivity.name().toLowerCase(Locale.ROOT),
                sensitivity.budget().toHours() / 24.0,
                all == 0 ? Double.POSITIVE_INFINITY : days / all,
                worst,
                least,
                kinds,
                days);
    }
}
