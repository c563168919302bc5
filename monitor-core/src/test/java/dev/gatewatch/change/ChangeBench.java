package dev.gatewatch.change;

import dev.gatewatch.change.Comparison.Subject;
import dev.gatewatch.change.Simulated.Kind;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures verdicts over many simulated changes; started by hand: {@code ChangeBench 1000}. Its figures are in {@code docs/changes.md}.
 */
final class ChangeBench {
    private ChangeBench() {}

    private record One(Verdict verdict, double error, double half, boolean held) {}

    private record Setting(String name, Duration interval, Duration past, Duration rollout, Duration watched, boolean learnt) {}

    public static void main(String[] args) {
        int changes = Integer.parseInt(args[0]);
        List<Setting> settings = List.of(
                new Setting("10 s, 30 min", Duration.ofSeconds(10), Duration.ofHours(55), Duration.ofMinutes(5), Duration.ofMinutes(30), true),
                new Setting("10 s, 10 min", Duration.ofSeconds(10), Duration.ofHours(55), Duration.ofMinutes(5), Duration.ofMinutes(10), true),
                new Setting("30 s, 30 min", Duration.ofSeconds(30), Duration.ofDays(6), Duration.ofMinutes(5), Duration.ofMinutes(30), true),
                new Setting("60 s, 1 h", Duration.ofSeconds(60), Duration.ofDays(7), Duration.ofMinutes(5), Duration.ofHours(1), true),
                new Setting("10 s, 30 min, no baseline", Duration.ofSeconds(10), Duration.ofHours(55), Duration.ofMinutes(5), Duration.ofMinutes(30), false),
                new Setting("10 s, 30 min, 8 h known", Duration.ofSeconds(10), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofMinutes(30), false),
                new Setting("10 s, 30 min, 2 h known", Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofMinutes(5), Duration.ofMinutes(30), false));
        for (Setting setting : settings) {
            if (args.length > 1 && !setting.name.equals(args[1])) {
                continue;
            }
            for (double factor : new double[] {1, 1.2}) {
                System.out.printf("%n%s, x%.1f%n", setting.name, factor);
                double[] sum = new double[6];
                for (Kind kind : Kind.values()) {
                    List<One> all = IntStream.range(0, changes / Kind.values().length)

                            .parallel()
                            .mapToObj(seed -> one(setting, kind, seed * 8L + kind.ordinal(), factor))
                            .toList();
                    double[] shares = {
                        share(all, Verdict.WORSE),
                        share(all, Verdict.SAME),
                        share(all, Verdict.BETTER),
                        share(all, Verdict.TOO_LITTLE_DATA),
                        all.stream().filter(One::held).count() / (double) all.size(),
                        all.stream().mapToDouble(One::half).average().orElse(0)
                    };
                    print(kind.name(), shares);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += shares[i] / Kind.values().length;
                    }
                }
                print("all", sum);
            }
        }
    }

    private static void print(String name, double[] s) {
        System.out.printf(
                Locale.ROOT, "%-7s worse %5.1f%%  same %5.1f%%  better %5.1f%%  too little %5.1f%%  holds %5.1f%%  half width %4.1f%%%n",
                name, 100 * s[0], 100 * s[1], 100 * s[2], 100 * s[3], 100 * s[4], 100 * s[5]);
    }

    private static double share(List<One> all, Verdict verdict) {
        return all.stream().filter(one -> one.verdict == verdict).count() / (double) all.size();
    }

    private static One one(Setting setting, Kind kind, long seed, double factor) {
        var simulated = new Simulated(kind, seed, setting.rollout, setting.watched);
        Usual usual = setting.learnt ? simulated.learnt() : Usual.UNKNOWN;
        simulated.factor = factor;
        Runs runs = simulated.runs(setting.past, setting.interval);
        var subject = new Subject(new Series("p", "", "here"), runs, simulated.span(), usual);
        Comparison comparison = Comparison.of(simulated.span(), List.of(subject), Bounds.STANDARD);
        Measure latency = comparison.probes().getFirst().latency();
        Effect effect = latency.effect().orElseThrow();
        double truth = factor - 1;
        return new One(
                comparison.verdict(),
                effect.change() - truth,
                (effect.upper() - effect.lower()) / 2,
                effect.lower() <= truth && truth <= effect.upper());
    }
}
