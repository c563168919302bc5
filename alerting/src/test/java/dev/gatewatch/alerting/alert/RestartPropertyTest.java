package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.kit.World.Told;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.CauseSeen;
import dev.gatewatch.alerting.rule.CertificateExpiry;
import dev.gatewatch.alerting.rule.Condition;
import dev.gatewatch.alerting.rule.ErrorRate;
import dev.gatewatch.alerting.rule.FactBound;
import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.OutcomeSeen;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.alerting.rule.Slo;
import dev.gatewatch.alerting.rule.SlowRuns;
import dev.gatewatch.diagnosis.Diagnosis;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever runs come, and however often the daemon is killed, its store fails, or its judgement lags: the alerts and notices are those of
 * a daemon that judged every run at once and was never disturbed.
 */
class RestartPropertyTest {
    private static final List<Series> SERIES = List.of(
            new Series("checkout", "eu", "dc1"),
            new Series("checkout", "ap", "dc1"),
            new Series("gateway", "", "dc1"),
            new Series("name", "", "dc1"));
    private static final Plan PLAN = new Plan(SERIES.stream().map(Specs::spec).toList());
    private static final Plan FAMILY = new Plan(SERIES.stream().map(RestartPropertyTest::dependent).toList());
    private static final List<Slo.Burn> BURNS = List.of(
            new Slo.Burn(1.5, Duration.ofHours(1), Duration.ofMinutes(10)),
            new Slo.Burn(3, Duration.ofMinutes(10), Duration.ofMinutes(5)));
    private static final List<Rule> RULES = List.of(
            rule("down", new RunCount(3, 3, false), 0, 0),
            rule("flaky", new RunCount(3, 5, false), 0, 25),
            rule("unwell", new RunCount(2, 2, true), 20, 0),
            rule("slow", new SlowRuns(0.9, Duration.ofMinutes(2), Duration.ofMillis(800), 5), 0, 0),
            rule("errors", new ErrorRate(Duration.ofMinutes(2), 0.3, 5), 10, 15),
            rule("expiry", new CertificateExpiry(List.of(Duration.ofHours(2), Duration.ofHours(1))), 0, 0),
            rule("refused", new CauseSeen(Set.of(Cause.CONNECT_REFUSED)), 0, 0),
            rule("sure", new RunCount(1, 1, false), 0, 20, 2, 1),
            rule("everywhere", new RunCount(2, 3, true), 0, 30, 0, 2),
            rule("degraded", new OutcomeSeen(Set.of(Outcome.DEGRADED)), 0, 0),
            rule("telling", new FactBound(Story.EXPIRY, FactBound.Relation.ABOVE, "0", Optional.empty()), 0, 0),
            rule("budget", new Slo(0.8, Duration.ofDays(7), BURNS, Optional.of(Duration.ofMillis(800)), 2), 0, 0));
    private static final List<Route> ROUTES = List.of(
            new Route(List.of(new Matcher("rule", List.of("down", "expiry"), List.of())), List.of("chat", "am"), true),
            new Route(List.of(new Matcher("probe", List.of("gateway"), List.of())), List.of("hook"), false),
            new Route(List.of(new Matcher("region", List.of("ap", "eu"), List.of())), List.of("chat"), false));

    /** "name" is what checkout's regions depend on, and that on the gateway. */
    private static ProbeSpec dependent(Series series) {
        ProbeSpec spec = Specs.spec(series);
        Set<String> parents =
                switch (series.probe()) {
                    case "checkout" -> Set.of("name");
                    case "name" -> Set.of("gateway");
                    default -> Set.of();
                };
        return spec.dependingOn(parents);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void disturbancesChangeNothing(long seed) {
        World calm = calm(PLAN, seed);
        World rough = rough(PLAN, seed);

        assertThat(calm.told().size()).as("notices").isGreaterThan(20);
        assertThat(different(calm.rows(), rough.rows())).isEmpty();
        assertThat(byAlert(rough)).isEqualTo(byAlert(calm));
        // never an end without a beginning
        assertThat(byAlert(calm).values()).allSatisfy(kinds -> assertThat(kinds).startsWith("FIRING"));
    }

    /** Who is told may differ: a parent's trouble that comes in the same batch as its child's alert holds the notice back. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32})
    void norDoTheyAmongProbesThatDependOnEachOther(long seed) {
        World calm = calm(FAMILY, seed);
        World rough = rough(FAMILY, seed);

        assertThat(different(untold(calm), untold(rough))).isEmpty();
        assertThat(byAlert(rough).values()).allSatisfy(kinds -> assertThat(kinds).startsWith("FIRING"));
    }

    private static List<String> untold(World world) {
        return world.rows().stream().map(row -> row.replaceAll(" \\{.*", "").strip()).toList();
    }

    private static List<String> different(List<String> calm, List<String> rough) {
        return Stream.concat(
                        calm.stream().filter(row -> !rough.contains(row)).map(row -> row + " calm"),
                        rough.stream().filter(row -> !calm.contains(row)).map(row -> row + " rough"))
                .sorted()
                .toList();
    }

    private static World calm(Plan plan, long seed) {
        var calm = new World();
        List<Result> runs = runs(new Random(seed));
        AlertJudge judge = calm.start(judge(calm), plan, T);
        calm.live(judge, runs);
        calm.judge(judge, 0, end(runs));
        return calm;
    }

    private static World rough(Plan plan, long seed) {
        var rough = new World();
        List<Result> runs = runs(new Random(seed));
        int restarts = disturb(rough, plan, runs, new Random(seed + 1_000), end(runs));
        assertThat(restarts).as("restarts").isGreaterThan(20);
        return rough;
    }

    private static Instant end(List<Result> runs) {
        return runs.getLast().endedAt().plusSeconds(60);
    }

    private static int disturb(World world, Plan plan, List<Result> runs, Random random, Instant end) {
        AlertJudge judge = world.start(judge(world), plan, T);
        int restarts = 0;
        int next = 0;
        Instant now = T;
        while (next < runs.size() || world.waiting() > 0) {
            int to = Math.min(runs.size(), next + random.nextInt(12));
            world.journal(runs.subList(next, to));
            if (to > next) {
                Instant ended = runs.get(to - 1).endedAt().plusMillis(random.nextInt(20_000));
                now = ended.isAfter(now) ? ended : now;
            }
            next = to;
            switch (random.nextInt(10)) {
                case 0, 1 -> {
                    // killed, and up again at once or some time later
                    judge = world.start(judge(world), plan, now);
                    restarts++;
                }
                case 2 -> {
                    world.judgeInVain(judge, 1 + random.nextInt(9), now);
                    judge = world.start(judge, plan, now);
                }
                default -> {
                    // time passes by itself only as far as no run waits
                    boolean ahead = world.waiting() == 0 && next < runs.size() && runs.get(next).endedAt().isBefore(now);
                    world.judge(judge, 1 + random.nextInt(15), ahead ? runs.get(next).endedAt().minusMillis(1) : now);
                }
            }
        }
        world.judge(judge, 0, end);
        return restarts;
    }

    /** Kinds of notices in their order, for each channel and alert. Two tighter bounds crossed within one batch are one notice. */
    private static Map<String, String> byAlert(World world) {
        return world.told().stream()
                .collect(Collectors.groupingBy(
                        t -> t.channel() + " " + t.alert(),
                        Collectors.mapping((Told t) -> t.kind().name(), Collectors.joining(" "))))
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().replaceAll("(FIRING )+", "FIRING ")));
    }

    /** Runs of all series in the order of their ends, with spells of trouble and stretches without any run. */
    private static List<Result> runs(Random random) {
        var runs = new ArrayList<Result>();
        Instant certificateEnd = T.plus(Duration.ofMinutes(150));
        var mood = new LinkedHashMap<Series, Character>();
        Instant at = T;
        for (int round = 0; round < 400; round++) {
            at = at.plus(random.nextInt(60) == 0 ? Duration.ofMinutes(random.nextInt(20)) : Story.INTERVAL);
            for (int s = 0; s < SERIES.size(); s++) {
                Series series = SERIES.get(s);
                if (random.nextInt(4) == 0) {
                    // regions often share their trouble
                    char next = "SSSSFCDBLXN".charAt(random.nextInt(11));
                    mood.put(series, next);
                    if (s == 0 && random.nextBoolean()) {
                        mood.put(SERIES.get(1), next);
                    }
                }
                Instant start = at.plusMillis(s * 2_300L + random.nextInt(40));
                char letter = mood.getOrDefault(series, 'S');
                if (letter != 'X') {
                    runs.add(letter == 'N' ? Story.silent(series, start)
                            : letter == 'L' ? Story.slow(series, start, Duration.ofMillis(700 + random.nextInt(400)), Outcome.PASS)
                            : letter == 'S' && s == 2 ? Story.certificate(series, start, certificateEnd)
                            : Story.run(series, letter, start));
                }
            }
        }
        runs.sort(Comparator.comparing(Result::endedAt));
        return runs;
    }

    private static AlertJudge judge(World world) {
        return world.judgeOf(RULES, ROUTES);
    }

    private static Rule rule(String name, Condition when, int holdFor, int keep) {
        return rule(name, when, holdFor, keep, 0, 1);
    }

    private static Rule rule(String name, Condition when, int holdFor, int keep, int confirm, int regions) {
        return new Rule(
                name,
                List.of(),
                when,
                Duration.ofSeconds(holdFor),
                confirm,
                Duration.ofSeconds(keep),
                true,
                regions,
                Severity.WARNING,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }
}
