package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A probe in three regions, of which two have to be in trouble before anybody is woken. */
final class QuorumTest {
    private static final Series EU = new Series("shop", "eu", "dc1");
    private static final Series US = new Series("shop", "us", "dc1");
    private static final Series AP = new Series("shop", "ap", "dc1");
    private static final Series SINGLE = new Series("single", "", "dc1");

    /** Critical alerts wake somebody, all others go to the chat. */
    private static final List<Route> ROUTES = List.of(
            new Route(List.of(new Matcher("severity", List.of("critical"), List.of())), List.of("hook"), false),
            new Route(List.of(), List.of("chat"), false));

    private final World world = new World();

    private AlertJudge judge(Series... series) {
        var rule = new Rule(
                "down",
                List.of(),
                new RunCount(2, 2, false),
                Duration.ZERO,
                0,
                Duration.ZERO,
                true,
                2,
                Severity.CRITICAL,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        return world.start(
                world.judgeOf(List.of(rule), ROUTES),
                new Plan(Stream.of(series).map(Specs::spec).toList()),
                T);
    }

    private static Result run(Series series, char letter, int seconds) {
        return Story.run(series, letter, T.plusSeconds(seconds));
    }

    /** The runs of all three regions, a second apart from each other. */
    private static List<Result> round(int second, String letters) {
        return List.of(
                run(EU, letters.charAt(0), second), run(US, letters.charAt(1), second + 1), run(AP, letters.charAt(2), second + 2));
    }

    private List<String> notices() {
        return world.told().stream().map(told -> told.channel() + " " + told.kind()).toList();
    }

    private static List<AlertView> firing(AlertJudge judge) {
        return judge.current().stream().filter(a -> a.state() == State.FIRING).toList();
    }

    @Test
    void oneRegionAloneIsAWarningAndWakesNobody() {
        AlertJudge judge = judge(EU, US, AP);
        for (int second = 0; second < 100; second += 10) {
            world.live(judge, round(second, "FSS"));
        }

        assertThat(notices()).containsExactly("chat FIRING");
        assertThat(firing(judge)).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.WARNING);
            assertThat(alert.series()).isEqualTo(EU);
        });
    }

    @Test
    void theAlertOfTheProbeNamesTheChangeThatItsRegionsDo() {
        world.changes = (spec, _) -> spec.series().equals(AP)
                ? Optional.of(new ChangesNearby.Nearby("deploy-42", "2 s after change deploy-42 began"))
                : Optional.empty();
        AlertJudge judge = judge(EU, US, AP);
        world.live(judge, round(0, "FSF"));
        world.live(judge, round(10, "FSF"));

        AlertView page = firing(judge).stream()
                .filter(a -> a.severity() == Severity.CRITICAL)
                .findFirst()
                .orElseThrow();
        assertThat(page.annotations()).containsEntry("change", "deploy-42");
        assertThat(page.message()).contains("2 s after change deploy-42 began");
    }

    @Test
    void twoRegionsAreOneAlertOfTheProbeThatNamesBoth() {
        AlertJudge judge = judge(EU, US, AP);
        world.live(judge, round(0, "FSS"));
        world.live(judge, round(10, "FSF"));
        world.live(judge, round(20, "FSF"));

        assertThat(notices()).containsExactly("chat FIRING", "chat FIRING", "hook FIRING");
        AlertView page = firing(judge).stream()
                .filter(a -> a.severity() == Severity.CRITICAL)
                .findFirst()
                .orElseThrow();
        AlertView first = firing(judge).stream().filter(a -> a.series().equals(EU)).findFirst().orElseThrow();
        assertThat(page.series()).isEqualTo(new Series("shop", "", "dc1"));
        assertThat(page.message()).startsWith("2 of 3 regions are in trouble: eu (").contains(", ap (").doesNotContain("us (");
        assertThat(page.startsAt()).as("since it was two").isEqualTo(T.plusSeconds(12));
        assertThat(page.handling().incident()).isEqualTo(first.id());

        world.live(judge, round(30, "FFF"));
        world.live(judge, round(40, "FFF"));
        assertThat(firing(judge)).filteredOn(a -> a.id().equals(page.id())).singleElement().satisfies(alert -> assertThat(alert.message())
                .startsWith("3 of 3 regions"));
        assertThat(notices()).as("a third region").hasSize(4).endsWith("chat FIRING");
    }

    @Test
    void itEndsWhenTooFewAreLeft() {
        AlertJudge judge = judge(EU, US, AP);
        world.live(judge, round(0, "FSF"));
        world.live(judge, round(10, "FSF"));
        world.live(judge, round(20, "SSF"));

        assertThat(notices())
                .containsExactly("chat FIRING", "chat FIRING", "hook FIRING", "chat RESOLVED", "hook RESOLVED");
        assertThat(firing(judge)).extracting(AlertView::series).containsExactly(AP);
    }

    @Test
    void aRestartChangesNothing() {
        world.live(judge(EU, US, AP), List.of(run(EU, 'F', 0), run(AP, 'F', 2), run(EU, 'F', 10), run(AP, 'F', 12)));
        assertThat(notices()).hasSize(3);

        AlertJudge again = judge(EU, US, AP);
        world.live(again, round(20, "FSF"));
        assertThat(firing(again)).hasSize(3);
        assertThat(notices()).hasSize(3);

        world.live(judge(EU, US, AP), round(30, "FSS"));
        assertThat(notices()).hasSize(5).contains("hook RESOLVED");
    }

    @Test
    void regionsThatAreNoLongerProbedDoNotCount() {
        world.live(judge(EU, US, AP), List.of(run(EU, 'F', 0), run(AP, 'F', 2), run(EU, 'F', 10), run(AP, 'F', 12)));

        AlertJudge fewer = judge(EU, US);
        world.judge(fewer, 0, T.plusSeconds(20));

        assertThat(firing(fewer)).extracting(AlertView::series).containsExactly(EU);
        assertThat(notices()).hasSize(5).contains("hook RESOLVED");
    }

    @Test
    void aProbeWithoutRegionsIsAsLoudAsItsRule() {
        AlertJudge judge = judge(SINGLE);
        world.live(judge, List.of(run(SINGLE, 'F', 0), run(SINGLE, 'F', 10)));

        assertThat(notices()).containsExactly("hook FIRING");
    }

    @Test
    void ofTwoRegionsBothHaveToBeInTrouble() {
        AlertJudge judge = judge(EU, US);
        world.live(judge, List.of(run(EU, 'F', 0), run(EU, 'F', 10)));
        assertThat(notices()).containsExactly("chat FIRING");
        world.live(judge, List.of(run(US, 'F', 11), run(EU, 'F', 20), run(US, 'F', 21)));
        assertThat(notices()).containsExactly("chat FIRING", "chat FIRING", "hook FIRING");
    }
}
