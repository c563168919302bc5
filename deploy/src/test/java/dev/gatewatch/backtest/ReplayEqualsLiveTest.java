package dev.gatewatch.backtest;

import static dev.gatewatch.backtest.Played.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.alert.Surroundings;
import dev.gatewatch.alerting.alert.AlertJudge;
import dev.gatewatch.alerting.delivery.Dispatch;
import dev.gatewatch.alerting.route.Decision;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.live.BaselineJudge;
import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same runs through the daemon's judges on a store, second by second, and through a back-test: the same alerts at the same times. */
final class ReplayEqualsLiveTest {
    private static final int MINUTES = 10 * 60;

    private static final String CONFIGURATION = """
            location: dc1
            defaults: {interval: 1m}
            probes:
              - {name: checkout, type: http, url: "http://192.0.2.1/"}
              - {name: refund, type: http, url: "http://192.0.2.5/", depends_on: [checkout]}
              - {name: ledger, type: http, regions: {eu: "http://192.0.2.2/", us: "http://192.0.2.3/", ap: "http://192.0.2.4/"}}
              - {name: flaky, type: http, url: "http://192.0.2.6/"}
              - {name: slow, type: http, url: "http://192.0.2.7/"}
              - {name: quiet, type: http, url: "http://192.0.2.8/"}
            rules:
              - {name: down, when: {failures: 3}, severity: critical, regions: 2}
              - {name: shaky, when: {failures: 2, of: 5}, for: 3m, keep_firing_for: 150s, severity: warning}
              - {name: rate, when: {error_rate: {above: 20%, over: 15m}}, severity: warning}
              - {name: budget, when: {slo: {objective: 99%, window: 1d}}, severity: info}
              - {name: silent, when: {no_result_for: 7m}, severity: warning}
              - {name: unusual, when: {baseline: {of: latency, sensitivity: high}}, severity: info}
            """;

    @RegisterExtension
    final TestStore store = new TestStore();

    /** As a table would show it. */
    private record Shown(String rule, String series, Instant startsAt, Instant firedAt, Instant endsAt) {
        static Shown of(AlertView a) {
            return new Shown(a.rule(), a.series().display(), a.startsAt(), a.firedAt().orElseThrow(), a.endsAt().orElse(Instant.MAX));
        }

        static Shown of(Happening a) {
            return new Shown(a.rule(), a.series().display(), a.startsAt(), a.firedAt(), a.endsAt().orElse(Instant.MAX));
        }
    }

    @Test
    void theSameAlertsComeAtTheSameTimes() {
        Setup.Side side = Played.side(CONFIGURATION);
        List<Result> runs = runs(side.plan());
        List<Shown> live = live(side, runs);
        List<Shown> replayed = replayed(runs);

        assertThat(without(live, replayed)).as("only live").isEmpty();
        assertThat(without(replayed, live)).as("only replayed").isEmpty();
        assertThat(replayed).isEqualTo(live);
        assertThat(live).extracting(Shown::rule).contains("down", "shaky", "rate", "budget", "silent", "unusual");
        assertThat(live).extracting(Shown::series).contains("checkout", "ledger", "ledger@eu", "flaky", "slow", "quiet", "refund");
        assertThat(live).hasSizeGreaterThan(40);
    }

    private static List<Shown> without(List<Shown> all, List<Shown> others) {
        return all.stream().filter(shown -> !others.contains(shown)).toList();
    }

    /** Trouble of all kinds. */
    private static List<Result> runs(Plan plan) {
        var random = new SplittableRandom(42);
        var runs = new ArrayList<Result>();
        int offset = 0;
        for (Series series : plan.probes().keySet()) {
            offset += 7_000;
            for (int minute = 0; minute < MINUTES; minute++) {
                if (series.probe().equals("quiet") && minute % 200 > 180) {
                    continue;
                }
                boolean slow = series.probe().equals("slow") && minute > 400 && minute < 440;
                double millis = (50 + 20 * random.nextDouble()) * (slow ? 4 : 1) * (random.nextInt(40) == 0 ? 8 : 1);
                boolean fails = fails(series, minute, random);
                runs.add(new Result(
                        series,
                        "http",
                        "",
                        Instant.ofEpochMilli(T + minute * 60_000L + offset),
                        Duration.ofNanos(Math.round(millis * 100) * 10_000),
                        fails ? Report.builder().fail(Cause.HTTP_STATUS, "x").build() : Report.builder().build()));
            }
        }
        runs.sort(Comparator.comparing(Result::endedAt));
        return runs;
    }

    private static boolean fails(Series series, int minute, SplittableRandom random) {
        return switch (series.probe()) {
            case "checkout" -> minute % 240 >= 220;
            case "refund" -> minute % 240 >= 218 && minute % 240 < 236 || minute % 300 > 290;
            case "ledger" -> !series.region().equals("ap") && minute % 300 >= (series.region().equals("eu") ? 270 : 280);
            case "flaky" -> random.nextInt(3) == 0;
            default -> random.nextInt(200) == 0;
        };
    }

    private List<Shown> live(Setup.Side side, List<Result> runs) {
        var dispatch = new Silent();
        var alerts = new AlertJudge[1];
        var baselines = new BaselineJudge(
                BaselineSettings.latencyMillis().in(ZoneOffset.UTC),
                spec -> Rule.learnt(side.rules(), spec),
                (spec, at) -> alerts[0].inTrouble(spec.series()) || side.maintenance().covers(spec, at));
        alerts[0] = new AlertJudge(
                side.rules(),
                baselines,
                (_, now) -> new Decision(List.of(), Map.of(), Map.of(), List.of(), now.plusSeconds(60)),
                dispatch,
                Surroundings.NONE.with(side.maintenance()::covers));
        List<Judge> judges = List.of(baselines, alerts[0]);
        var seen = new HashSet<AlertView>();
        long start = runs.getFirst().startedAt().toEpochMilli();
        long last = runs.stream().mapToLong(run -> run.startedAt().toEpochMilli()).max().orElseThrow();
        store.get().write(tx -> {
            judges.forEach(judge -> judge.restore(tx, side.plan(), Instant.ofEpochMilli(start)));
            return true;
        });
        int[] next = {0};
        // the evaluator's batches: what has come in a second, and a tick where nothing has; here a minute a transaction, for speed
        for (long from = start; from <= last + 60_000; from += 60_000) {
            long minute = from;
            store.get().write(tx -> {
                for (long now = minute; now < minute + 60_000 && now <= last; now += 1_000) {
                    int begin = next[0];
                    while (next[0] < runs.size() && !runs.get(next[0]).endedAt().isAfter(Instant.ofEpochMilli(now))) {
                        next[0]++;
                    }
                    advance(tx, judges, runs.subList(begin, next[0]), Instant.ofEpochMilli(now));
                }
                return true;
            });
            alerts[0].current().stream().filter(a -> a.state() == AlertView.State.RESOLVED).forEach(seen::add);
        }
        List<Result> rest = runs.subList(next[0], runs.size());
        store.get().write(tx -> {
            advance(tx, judges, rest, Instant.ofEpochMilli(last));
            return true;
        });
        return sorted(Stream.concat(
                        seen.stream(), alerts[0].current().stream().filter(a -> a.state() != AlertView.State.PENDING))
                .filter(a -> a.firedAt().isPresent())
                .map(Shown::of)
                .distinct());
    }

    private static void advance(Handle tx, List<Judge> judges, List<Result> batch, Instant now) {
        judges.forEach(judge -> judge.advance(tx, batch, now));
        judges.forEach(Judge::committed);
    }

    private static List<Shown> replayed(List<Result> runs) {
        var text = new StringBuilder("timestamp_ms,probe,region,latency_ms,ok\n");
        for (Result run : runs.stream().sorted(Comparator.comparing(Result::startedAt)).toList()) {
            text.append(run.startedAt().toEpochMilli())
                    .append(',')
                    .append(run.series().probe())
                    .append(',')
                    .append(run.series().region())
                    .append(',')
                    .append(run.duration().toNanos() / 1e6)
                    .append(run.report().cause().isPresent() ? ",0\n" : ",1\n");
        }
        Findings findings = Played.play(
                Played.setup(Setup.Unknown.REFUSED, 2, CONFIGURATION),
                Played.source(text.toString().getBytes(StandardCharsets.UTF_8), false));
        return sorted(findings.sides().getFirst().alerts().stream().map(Shown::of));
    }

    private static List<Shown> sorted(Stream<Shown> alerts) {
        return alerts.sorted(Comparator.comparing(Shown::firedAt).thenComparing(Shown::series).thenComparing(Shown::rule))
                .toList();
    }

    /** Nobody is told. */
    private static final class Silent implements Dispatch {
        @Override
        public Set<String> messengers() {
            return Set.of();
        }

        @Override
        public void enqueue(Handle tx, List<Telling> tellings, Instant now) {}

        @Override
        public void committed(Map<String, List<AlertView>> pictures, Instant now) {}
    }
}
