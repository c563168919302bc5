package dev.gatewatch.baseline.bench;

import dev.gatewatch.baseline.Baseline;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Sensitivity;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Runs baselines over the latency bench: {@code LatencyBench data.csv out.csv [low|medium|high] [zone]}. Reads {@code
 * timestamp_ms,probe,latency_ms,ok} in the order of time, writes {@code timestamp_ms,probe,score,alert} for {@code score.py}. As the
 * scorer wants positive scores, three are added to each.
 */
public final class LatencyBench {
    private static final double LIFT = 3;

    private LatencyBench() {}

    private static final class Series {
        final Baseline baseline;
        boolean alarmed;

        Series(BaselineSettings settings) {
            baseline = Baseline.fresh(settings);
        }

        Judgement see(long at, double value, boolean ok, Sensitivity sensitivity) {
            Judgement judgement = baseline.observe(at, value, ok, true);
            alarmed = alarmed ? !judgement.over(sensitivity) : judgement.alarm(sensitivity);
            return judgement;
        }
    }

    public static void main(String[] args) throws IOException {
        Sensitivity sensitivity =
                args.length > 2 ? Sensitivity.valueOf(args[2].toUpperCase(Locale.ROOT)) : Sensitivity.LOW;
        BaselineSettings settings =
                BaselineSettings.latencyMillis().in(ZoneId.of(args.length > 3 ? args[3] : "UTC"));
        Map<String, Series> all = new HashMap<>();
        try (BufferedReader in = Files.newBufferedReader(Path.of(args[0]));
                BufferedWriter out = Files.newBufferedWriter(Path.of(args[1]))) {
            out.write("timestamp_ms,probe,score,alert\n");
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",");
                Series series = all.computeIfAbsent(cells[1], _ -> new Series(settings));
                Judgement judgement = series.see(
                        Long.parseLong(cells[0]),
                        Double.parseDouble(cells[2]),
                        cells[3].equals("1"),
                        sensitivity);
                double score = judgement.score() + LIFT;
                if (score > 0 || series.alarmed) {
                    out.write(cells[0] + ',' + cells[1] + ',' + (float) Math.max(0, score) + ','
                            + (series.alarmed ? 1 : 0) + '\n');
                }
            }
        }
    }
}
