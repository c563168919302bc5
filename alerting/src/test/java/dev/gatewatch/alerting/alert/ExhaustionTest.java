package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Exhausts;
import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What becomes of a fact that is used up. A run every ten minutes; times are hours since the start. */
final class ExhaustionTest {
    private static final Series SERIES = new Series("gateway", "", "dc1");
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Plan PLAN = new Plan(List.of(Specs.spec(SERIES, Map.of(), EVERY)));
    private static final List<Route> ROUTES = List.of(new Route(List.of(), List.of("chat"), false));
    private static final Exhausts TWO_DAYS = new Exhausts("quota_left", 0, Duration.ofHours(48), Duration.ofDays(3), 0.95);

    private final World world = new World();

    private AlertJudge judge(Exhausts when) {
        var rule = new Rule(
                "ends", List.<Matcher>of(), when, Duration.ZERO, Duration.ZERO, Severity.WARNING, new LinkedHashMap<>(), new LinkedHashMap<>());
        return world.judgeOf(List.of(rule), ROUTES);
    }

    private void live(AlertJudge judge, double fromHour, double toHour, DoubleUnaryOperator value) {
        for (double hour = fromHour; hour < toHour; hour += 1 / 6.0) {
            world.live(judge, List.of(run(hour, value.applyAsDouble(hour))));
        }
    }

    private static Result run(double hour, double value) {
        Instant at = T.plusSeconds(Math.round(hour * 3_600));
        return new Result(SERIES, "http", "https://pay.example/health", at, Story.TOOK, Report.builder().fact("quota_left", value).build());
    }

    private static Optional<AlertView> firing(AlertJudge judge) {
        return judge.current().stream().filter(a -> a.state() == State.FIRING).findFirst();
    }

    /** 31 an hour, and some noise. */
    private static DoubleUnaryOperator falling(double from, long seed) {
        var random = new SplittableRandom(seed);
        return hour -> Math.round(from - 31 * hour + 10 * random.nextGaussian());
    }

    @Test
    void itIsToldOnceTheTrendIsCertainToGetThereInTimeAndEndsWithARefill() {
        AlertJudge judge = world.start(judge(TWO_DAYS), PLAN, T);
        DoubleUnaryOperator use = falling(3_000, 1);

        live(judge, 0, 46, use);
        assertThat(firing(judge)).as("54 hours or more are left").isEmpty();
        live(judge, 46, 52, use);
        AlertView alert = firing(judge).orElseThrow();
        assertThat(alert.cause()).isEqualTo(Cause.RESOURCE_EXHAUSTING);
        assertThat(alert.message()).matches("quota_left 1 [0-9]{3}, falls by 3[01](\\.[0-9])? an hour, at 0 in 4[4-8] h \\(4[4-8]–4[5-8] h\\)");

        // filled up: what was before says nothing any more
        live(judge, 52, 53, hour -> use.applyAsDouble(hour) + 3_000);
        assertThat(firing(judge)).isEmpty();
        live(judge, 53, 90, hour -> use.applyAsDouble(hour) + 3_000);
        assertThat(firing(judge)).isEmpty();
        live(judge, 90, 160, hour -> use.applyAsDouble(hour) + 3_000);
        assertThat(firing(judge)).isPresent();
        assertThat(world.told()).extracting(World.Told::kind).hasSize(3);
    }

    @Test
    void aRestartForgetsNothing() {
        var once = new World();
        AlertJudge judge = world.start(judge(TWO_DAYS), PLAN, T);
        DoubleUnaryOperator use = falling(3_000, 2);
        live(judge, 0, 49, use);
        Instant now = T.plusSeconds(49 * 3_600);
        AlertJudge after = world.start(judge(TWO_DAYS), PLAN, now);
        live(after, 49, 55, use);

        assertThat(firing(after)).isPresent();
        assertThat(after.memory()).isLessThan(Duration.ofHours(3));
        assertThat(once.told()).isEmpty();
        // an hour after the restart it would know nothing without what was written
        assertThat(firing(after).orElseThrow().message()).contains("an hour, at 0 in");
    }

    @Test
    void aValueThatWandersIsNotSaidToRunOut() {
        int said = 0;
        for (int seed = 0; seed < 40; seed++) {
            var own = new World();
            AlertJudge judge = own.start(
                    own.judgeOf(
                            List.of(new Rule("ends", List.of(), TWO_DAYS, Duration.ZERO, Duration.ZERO, Severity.INFO, new LinkedHashMap<>(), new LinkedHashMap<>())),
                            ROUTES),
                    PLAN,
                    T);
            var random = new SplittableRandom(seed);
            double level = 0;
            for (int i = 0; i < 1_000; i++) {
                level = 0.98 * level + random.nextGaussian();
                own.live(judge, List.of(run(i / 6.0, 100 + 3 * level)));
            }
            said += own.told().isEmpty() ? 0 : 1;
        }
        assertThat(said).isLessThanOrEqualTo(2);
    }

    @Test
    void aSawtoothGoesNowhere() {
        AlertJudge judge = world.start(judge(TWO_DAYS), PLAN, T);

        live(judge, 0, 120, hour -> 500 - 40 * (hour % 10));
        assertThat(world.told()).isEmpty();
    }

    @Test
    void whatIsUsedUpIsSaidSo() {
        var full = new Exhausts("quota_left", 100, Duration.ofHours(1), Duration.ofDays(1), 0.95);
        AlertJudge judge = world.start(judge(full), PLAN, T);

        live(judge, 0, 10, hour -> 40 + 6 * hour);
        assertThat(firing(judge)).as("grows by 6 an hour and is at 100 soon").isPresent();
        assertThat(firing(judge).orElseThrow().message()).contains("grows by 6 an hour, at 100 in");
        live(judge, 10, 10.5, _ -> 100);
        assertThat(firing(judge).orElseThrow().message()).isEqualTo("quota_left is 100, used up at 100");
    }

    @Test
    void runsThatDoNotTellTheFactSayNothing() {
        AlertJudge judge = world.start(judge(TWO_DAYS), PLAN, T);

        world.live(judge, Story.of(SERIES, "S S S F S S S"));
        assertThat(judge.current()).isEmpty();
    }
}
