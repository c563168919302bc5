package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine's clock is set forward or back by an hour between two runs: no notice is lost, none is made up, none waits for an hour. */
final class ClockStepTest {
    private static final ProbeSpec GATEWAY = spec("gateway");
    private static final ProbeSpec SHOP = spec("shop", "gateway");

    private static ProbeSpec spec(String name, String... parents) {
        ProbeSpec spec = Specs.spec(new Series(name, "", "dc1"));
        return spec.dependingOn(Set.of(parents));
    }

    /**
     * Runs of the shop ten seconds apart, its gateway being well; {@code |} is where the clock steps. What is told: {@code F}iring,
     * {@code R}esolved or {@code .} nothing after each run.
     */
    @ParameterizedTest(name = "{0} minutes, {1} failures for {2}s, {3} confirm, keep {4}s: {5} -> {6}")
    @CsvSource({
        // in the middle of a row: forward, the runs before are too long ago to count
        "-60, 3, 0, 0, 0, F F | F F, ..F.",
        "60, 3, 0, 0, 0, F F | F F F, ....F",
        // while it fires
        "-60, 3, 0, 0, 0, F F F | F F S, ..F..R",
        "60, 3, 0, 0, 0, F F F | F F S, ..F..R",
        // while for runs
        "-60, 1, 30, 0, 0, F F | F F F F, .....F",
        "60, 1, 30, 0, 0, F F | F F, ..F.",
        // while it is confirmed
        "-60, 1, 0, 2, 0, F F | F F, ..F.",
        "60, 1, 0, 2, 0, F F | F F, ..F.",
        // while it is kept firing
        "-60, 1, 0, 0, 30, F S | S S S S S, F....R.",
        "60, 1, 0, 0, 30, F S | S S, F.R.",
        "-60, 1, 0, 0, 30, F S | F S S S S S, F.....R.",
        // after its end
        "-60, 1, 0, 0, 0, F S | F S, FRFR",
        "60, 1, 0, 0, 0, F S | F S, FRFR",
    })
    void nothingIsLostAndNothingStalls(int minutes, int failures, int holdFor, int confirm, int keep, String runs, String told) {
        for (boolean restarted : List.of(false, true)) {
            assertThat(play(minutes, rule(failures, holdFor, confirm, keep), runs, restarted))
                    .as(restarted ? "killed where the clock steps" : "running on")
                    .isEqualTo(told);
        }
    }

    private static String play(int minutes, Rule rule, String runs, boolean restarted) {
        var world = new World();
        AlertJudge judge = start(world, rule, T);
        Instant at = T;
        var seen = new StringBuilder();
        int before = 0;
        for (char letter : runs.replace(" ", "").toCharArray()) {
            if (letter == '|') {
                at = at.plus(Duration.ofMinutes(minutes));
                world.judge(judge, 0, at); // a tick of the new time
                judge = restarted ? start(world, rule, at) : judge;
                continue;
            }
            List<Result> both = List.of(Story.run(SHOP.series(), letter, at), Story.run(GATEWAY.series(), 'S', at.plusSeconds(1)));
            world.live(judge, both);
            int now = world.told().size();
            seen.append(now == before ? '.' : world.told().getLast().kind().name().charAt(0));
            assertThat(now - before).as("notices after one run").isLessThanOrEqualTo(1);
            before = now;
            at = at.plus(Story.INTERVAL);
        }
        return seen.toString();
    }

    private static AlertJudge start(World world, Rule rule, Instant now) {
        return world.start(
                world.judgeOf(List.of(rule), List.of(new Route(List.of(), List.of("chat"), false))),
                new Plan(List.of(GATEWAY, SHOP)),
                now);
    }

    private static Rule rule(int failures, int holdFor, int confirm, int keep) {
        return new Rule(
                "down",
                List.of(),
                new RunCount(failures, failures, false),
                Duration.ofSeconds(holdFor),
                confirm,
                Duration.ofSeconds(keep),
                true,
                1,
                Severity.CRITICAL,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }
}
