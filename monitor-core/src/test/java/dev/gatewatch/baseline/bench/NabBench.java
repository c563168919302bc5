package dev.gatewatch.baseline.bench;

import dev.gatewatch.baseline.Baseline;
import dev.gatewatch.baseline.BaselineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs baselines over the Numenta Anomaly Benchmark: {@code NabBench corpus/data results}. NAB wants one sharp sign at the onset of
 * whatever is new, not an alarm with a budget; so its score is not the judgement's but how new the learner's surprise is: the conformal
 * rank (Vovk) among all before of what a value is off by, of its change, of two means of that and of one of its size. A score of 2.8 or
 * more is given once in 60 rows. One setting for all files: that of a fact of which nothing is known.
 */
public final class NabBench {
    private static final double ENOUGH = 2.8;
    private static final int REST = 60;
    private static final double SOFTENED = 0.3;
    /** What the long mean says counts for a little less, as it says it for long. */
    private static final double LONG = 0.9;

    private final Ranks above = new Ranks();
    private final Ranks below = new Ranks();
    private final Ranks changes = new Ranks();
    private final Ranks means = new Ranks();
    private final Ranks longMeans = new Ranks();
    private final Ranks sizes = new Ranks();
    private final Mean mean = new Mean(20);
    private final Mean longMean = new Mean(144);
    private final Mean size = new Mean(48);
    private final Baseline baseline = Baseline.fresh(BaselineSettings.anyFact());
    private double before;
    private int rest;

    private double score(long at, double value) {
        baseline.observe(at, value, true, true);
        double off = baseline.off();
        double share = Math.min(1, 2 * Math.min(above.share(off), below.share(-off)));
        share = Math.min(share, changes.share(Math.abs(off - before)));
        share = Math.min(share, means.share(Math.abs(mean.with(off))));
        share = Math.min(share, sizes.share(size.with(Math.abs(off))));
        share = Math.min(share, Math.pow(longMeans.share(Math.abs(longMean.with(off))), LONG));
        before = off;
        double score = -Math.log10(share);
        if (rest > 0) {
            rest--;
            return 0;
        }
        if (score >= ENOUGH) {
            rest = REST;
            return score;
        }
        return SOFTENED * score;
    }

    /** The mean of the last few, what is not there yet counting as 0. */
    private static final class Mean {
        private final double[] last;
        private double sum;
        private int count;

        Mean(int of) {
            last = new double[of];
        }

        double with(double number) {
            int at = count++ % last.length;
            sum += number - last[at];
            last[at] = number;
            return sum / last.length;
        }
    }

    /** All numbers so far, sorted. */
    private static final class Ranks {
        /** Records grow rarer with time: the share is taken among the square root of the rows, so to speak. */
        private static final double USUAL_ROWS = 2000;

        private double[] sorted = new double[1024];
        private int count;

        double share(double number) {
            int at = Arrays.binarySearch(sorted, 0, count, number);
            int place = at < 0 ? -at - 1 : at;
            while (place > 0 && sorted[place - 1] == number) {
                place--;
            }
            int asFar = count - place;
            if (count == sorted.length) {
                sorted = Arrays.copyOf(sorted, 2 * count);
            }
            System.arraycopy(sorted, place, sorted, place + 1, count - place);
            sorted[place] = number;
            count++;
            return (asFar + 0.5) / Math.sqrt(count * USUAL_ROWS);
        }
    }

    public static void main(String[] args) throws IOException {
        Path data = Path.of(args[0]);
        List<Path> files;
        try (Stream<Path> all = Files.walk(data)) {
            files = all.filter(file -> file.toString().endsWith(".csv")).toList();
        }
        for (Path file : files) {
            var bench = new NabBench();
            List<String> out = new ArrayList<>();
            out.add("timestamp,value,anomaly_score");
            List<String> lines = Files.readAllLines(file);
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",");
                long at = LocalDateTime.parse(cells[0].strip().replace(' ', 'T'))
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli();
                out.add(line + ',' + bench.score(at, Double.parseDouble(cells[1])) / 10);
            }
            Path result = Path.of(args[1]).resolve(data.relativize(file).toString());
            Files.createDirectories(result.getParent());
            Files.write(result, out);
        }
    }
}
