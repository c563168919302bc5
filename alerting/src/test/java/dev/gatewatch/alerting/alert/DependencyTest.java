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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A net, a gateway on it and a shop behind that, each run every ten seconds; the second column of a story is the parent's. */
final class DependencyTest {
    private static final ProbeSpec NET = spec("net");
    private static final ProbeSpec GATEWAY = spec("gateway", "net");
    private static final ProbeSpec SHOP = spec("shop", "gateway");

    private final World world = new World();

    private static ProbeSpec spec(String name, String... parents) {
        ProbeSpec spec = Specs.spec(new Series(name, "", "dc1"));
        return spec.dependingOn(Set.of(parents));
    }

    private AlertJudge judge(int failures, int holdFor, int keep) {
        var rule = new Rule(
                "down",
                List.of(),
                new RunCount(failures, failures, false),
                Duration.ofSeconds(holdFor),
                Duration.ofSeconds(keep),
                Severity.CRITICAL,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        return world.start(
                world.judgeOf(List.of(rule), List.of(new Route(List.of(), List.of("chat"), false))),
                new Plan(List.of(NET, GATEWAY, SHOP)),
                T);
    }

    private static Result run(ProbeSpec spec, char letter, int seconds) {
        return Story.run(spec.series(), letter, T.plusSeconds(seconds));
    }

    private List<String> notices() {
        return world.told().stream().map(t -> t.kind() + " " + t.probe()).toList();
    }

    @Test
    void aParentThatFailsUnheardNowAndThenHidesNoChildForEver() {
        AlertJudge judge = judge(3, 60, 0);
        int second = 0;
        for (int round = 0; round < 30; round++) {
            char gateway = round % 3 == 0 ? 'F' : 'S';
            world.live(judge, List.of(run(NET, 'S', second), run(GATEWAY, gateway, second + 2), run(SHOP, 'F', second + 4)));
            second += 10;
        }

        assertThat(notices()).containsExactly("FIRING shop");
    }

    @Test
    void oneFailedRunOfAParentHoldsItsChildBackUntilThatHasRunAgain() {
        AlertJudge judge = judge(1, 0, 0);
        // nobody hears of the gateway: its trouble is over before the net was looked at
        world.live(judge, List.of(run(NET, 'S', 0), run(GATEWAY, 'F', 2), run(SHOP, 'F', 4)));
        assertThat(notices()).isEmpty();
        world.live(judge, List.of(run(GATEWAY, 'S', 5)));
        assertThat(notices()).as("what it found meanwhile says nothing").isEmpty();
        world.live(judge, List.of(run(NET, 'S', 10), run(SHOP, 'S', 14)));

        assertThat(notices()).isEmpty();
        assertThat(judge.current()).isEmpty();
    }

    @Test
    void aParentThatIsWaitedForIsAskedToRunAtOnce() {
        AlertJudge judge = judge(1, 0, 0);
        world.live(judge, List.of(run(NET, 'S', 0), run(GATEWAY, 'S', 2), run(SHOP, 'F', 4)));

        assertThat(notices()).isEmpty();
        assertThat(world.reruns).containsExactly(GATEWAY.series());
        world.live(judge, List.of(run(GATEWAY, 'S', 5)));
        assertThat(notices()).containsExactly("FIRING shop");
    }

    @Test
    void aParentWhoseFailureIsLongAgoHoldsNobodyBack() {
        AlertJudge judge = judge(1, 0, 0);
        world.live(judge, List.of(run(NET, 'S', 0), run(GATEWAY, 'F', 2), run(NET, 'S', 5)));
        assertThat(notices()).containsExactly("FIRING gateway");

        // the gateway's probe is broken from now on
        for (int second = 10; second < 200; second += 10) {
            world.live(judge, List.of(run(NET, 'S', second), run(GATEWAY, 'B', second + 2), run(SHOP, 'F', second + 4)));
        }

        assertThat(notices()).containsExactly("FIRING gateway", "FIRING shop");
    }

    @Test
    void whenTheEldestHealsAllGenerationsAreJudgedAfresh() {
        AlertJudge judge = judge(2, 0, 0);
        for (int second = 0; second < 50; second += 10) {
            world.live(judge, List.of(run(NET, 'F', second), run(GATEWAY, 'F', second + 2), run(SHOP, 'F', second + 4)));
        }
        assertThat(notices()).containsExactly("FIRING net");

        world.live(judge, List.of(run(NET, 'S', 50), run(GATEWAY, 'F', 52), run(SHOP, 'F', 54)));
        assertThat(notices()).containsExactly("FIRING net", "RESOLVED net");
        AlertJudge again = judge(2, 0, 0); // killed in the middle of that
        world.live(again, List.of(run(NET, 'S', 60), run(GATEWAY, 'F', 62), run(SHOP, 'F', 64)));
        world.live(again, List.of(run(NET, 'S', 70), run(GATEWAY, 'F', 72), run(SHOP, 'F', 74)));

        assertThat(notices()).containsExactly("FIRING net", "RESOLVED net", "FIRING gateway");
    }

    @Test
    void aChildThatFiresIsRemindedOfNoMoreAndResolvesWhileItsParentIsDown() {
        AlertJudge judge = judge(1, 0, 0);
        world.live(judge, List.of(run(NET, 'S', 0), run(GATEWAY, 'S', 2), run(SHOP, 'F', 4), run(GATEWAY, 'S', 5)));
        world.live(judge, List.of(run(GATEWAY, 'F', 12), run(NET, 'S', 13), run(SHOP, 'F', 14)));
        assertThat(judge.current()).filteredOn(a -> a.series().equals(SHOP.series())).singleElement().satisfies(a -> assertThat(a.status())
                .isEqualTo("suppressed"));

        AlertJudge again = judge(1, 0, 0);
        world.judge(again, 0, T.plusSeconds(15));
        assertThat(again.current()).filteredOn(a -> a.series().equals(SHOP.series())).singleElement().satisfies(a -> assertThat(a.status())
                .as("after a restart, before the next run")
                .isEqualTo("suppressed"));
        world.live(again, List.of(run(SHOP, 'S', 24)));
        assertThat(notices()).containsExactly("FIRING shop", "FIRING gateway", "RESOLVED shop");
    }
}
