package dev.gatewatch.cli;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.baseline.live.BaselineJudge;
import dev.gatewatch.baseline.live.Unlearnt;
import dev.gatewatch.daemon.Configuration;
import dev.gatewatch.daemon.Daemon;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.store.SqliteStore;
import dev.gatewatch.view.BaselineView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the demo would know had it watched the sandbox's exchange rates for a week: nobody who tries it waits so long. The runs are made up
 * of what the sandbox says of itself, what a run costs beside, and the moods of a busy machine; only what is learnt of them is kept.
 */
final class DemoPast {
    private static final String PROBE = "rates";
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration BETWEEN = Duration.ofSeconds(30);

    /** For name, connection, handshake and request. */
    private static final double BESIDE = 15;

    private static final double SCATTER = 0.03;

    /** Runs that have to wait for a processor, and how long at least. */
    private static final double HELD_UP = 0.08;

    private static final double HELD_UP_MILLIS = 20;

    private DemoPast() {}

    /**
     * Learns where nothing is learnt yet.
     *
     * @param takes how long the rates take by region
     */
    static void learn(Configuration configuration, Map<String, Duration> takes, Instant now) {
        var judge = new BaselineJudge(Daemon.usual(), spec -> Rule.learnt(configuration.rules(), spec), Unlearnt.NONE);
        List<ProbeSpec> regions = configuration.plan().probes().values().stream()
                .filter(spec -> spec.series().probe().equals(PROBE) && takes.containsKey(spec.series().region()))
                .toList();
        try (SqliteStore store = SqliteStore.open(configuration.store(), configuration.baseDirectory())) {
            store.write(tx -> {
                judge.restore(tx, configuration.plan(), now);
                boolean known = regions.stream()
                        .anyMatch(spec -> judge.views(spec.series(), now).getFirst().state() != BaselineView.State.LEARNING);
                if (!known) {
                    judge.advance(tx, runs(regions, takes, now.minus(WEEK)), now);
                    // what was learnt is written within ten minutes
                    judge.advance(tx, List.of(), now.plus(Duration.ofMinutes(10)));
                }
                return known;
            });
        }
    }

    private static List<Result> runs(List<ProbeSpec> regions, Map<String, Duration> takes, Instant from) {
        var random = new Random(from.getEpochSecond());
        var runs = new ArrayList<Result>();
        long count = WEEK.dividedBy(BETWEEN);
        for (long i = 0; i < count; i++) {
            Instant at = from.plus(BETWEEN.multipliedBy(i));
            for (ProbeSpec spec : regions) {
                double millis = takes.getOrDefault(spec.series().region(), Duration.ZERO).toMillis() * (1 + SCATTER * random.nextGaussian())
                        + BESIDE * Math.exp(0.3 * random.nextGaussian())
                        + (random.nextDouble() < HELD_UP ? HELD_UP_MILLIS - 60 * Math.log(1 - random.nextDouble()) : 0);
                runs.add(new Result(
                        spec.series(),
                        spec.type().name(),
                        spec.probe().target(),
                        at,
                        Duration.ofNanos(Math.round(millis * 1e6)),
                        Report.builder().build()));
            }
        }
        return runs;
    }
}
