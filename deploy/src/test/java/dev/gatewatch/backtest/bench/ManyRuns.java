package dev.gatewatch.backtest.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes results of many probes over a long time, one run a minute each: {@code ManyRuns out.csv [probes] [days]}, 200 and 90 where they
 * are left out, which is 26 million lines and 1 GB. Latencies are log-normal with a daily rhythm; one run in a thousand fails, each probe
 * has about two outages and two slow spells a month.
 */
public final class ManyRuns {
    private static final long START = 1_704_067_200_000L;
    private static final int MINUTES = 24 * 60;

    private ManyRuns() {}

    public static void main(String[] args) throws IOException {
        int probes = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int days = args.length > 2 ? Integer.parseInt(args[2]) : 90;
        var random = new SplittableRandom(1);
        double[] base = random.doubles(probes, 3, 7).map(Math::exp).toArray();
        int[] down = new int[probes];
        int[] slow = new int[probes];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(args[0])), 1 << 20)) {
            out.write("timestamp_ms,probe,latency_ms,ok\n".getBytes(StandardCharsets.US_ASCII));
            var lines = new StringBuilder();
            for (long minute = 0; minute < (long) days * MINUTES; minute++) {
                double load = 1 + 0.3 * Math.sin(2 * Math.PI * (minute % MINUTES) / MINUTES);
                for (int p = 0; p < probes; p++) {
                    down[p] = down[p] > 0 ? down[p] - 1 : random.nextInt(15 * MINUTES) == 0 ? 5 + random.nextInt(30) : 0;
                    slow[p] = slow[p] > 0 ? slow[p] - 1 : random.nextInt(15 * MINUTES) == 0 ? 30 + random.nextInt(120) : 0;
                    boolean ok = down[p] == 0 && random.nextInt(1_000) > 0;
                    double latency = base[p] * load * Math.exp(0.2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) * 2)
                            * (slow[p] > 0 ? 2 : 1);
                    lines.append(START + minute * 60_000 + p * 60_000L / probes)
                            .append(",probe-")
                            .append(p)
                            .append(',');
                    long hundredths = Math.round(latency * 100);
                    lines.append(hundredths / 100).append('.').append(hundredths / 10 % 10).append(hundredths % 10);
                    lines.append(ok ? ",1\n" : ",0\n");
                }
                out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
                lines.setLength(0);
            }
        }
        System.out.printf(Locale.ROOT, "%,d lines%n", (long) probes * days * MINUTES);
    }
}
