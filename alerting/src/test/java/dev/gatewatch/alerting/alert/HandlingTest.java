package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.kit.World.Told;
import dev.gatewatch.alerting.route.Restraint;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.route.TreeRouter;
import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.engine.WitnessSettings;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.Handling.Acknowledgement;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Alerts among other alerts, and in people's hands. */
final class HandlingTest {
    private static final Series GATEWAY = new Series("gateway", "", "dc1");
    private static final List<Route> TO_CHAT = List.of(new Route(List.of(), List.of("chat"), false));
    private static final Rule DOWN = rule("down", 3, 0, true);

    private final World world = new World();

    private static Rule rule(String name, int failures, int confirm, boolean calm) {
        return new Rule(
                name,
                List.of(),
                new RunCount(failures, failures, false),
                Duration.ZERO,
                confirm,
                Duration.ZERO,
                calm,
                1,
                Severity.CRITICAL,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }

    private static ProbeSpec child(String name, String... parents) {
        ProbeSpec spec = Specs.spec(new Series(name, "", "dc1"));
        return spec.dependingOn(Set.of(parents));
    }

    private AlertJudge begin(Rule rule, ProbeSpec... specs) {
        return world.start(world.judgeOf(List.of(rule), TO_CHAT), new Plan(List.of(specs)), T);
    }

    private static Instant at(int seconds) {
        return T.plusSeconds(seconds);
    }

    private static Result run(ProbeSpec spec, char letter, int seconds) {
        return Story.run(spec.series(), letter, at(seconds));
    }

    private List<String> notices() {
        return world.told().stream().map(t -> t.kind() + " " + t.probe()).toList();
    }

    private static AlertView alert(AlertJudge judge, String probe) {
        return judge.current().stream()
                .filter(a -> a.series().probe().equals(probe))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneNoticeForAParentAndItsFortyChildren() {
        ProbeSpec parent = Specs.spec(GATEWAY);
        List<ProbeSpec> children =
                IntStream.range(0, 40).mapToObj(i -> child("shop-" + i, "gateway")).toList();
        var specs = new ArrayList<>(children);
        specs.add(parent);
        AlertJudge judge = begin(DOWN, specs.toArray(ProbeSpec[]::new));

        for (int round = 0; round < 5; round++) {
            int start = round * 10;
            for (ProbeSpec child : children) { // they fail a moment before their parent is looked at
                world.live(judge, List.of(run(child, 'F', start)));
            }
            world.live(judge, List.of(run(parent, 'C', start + 4)));
        }

        assertThat(notices()).containsExactly("FIRING gateway");
        assertThat(alert(judge, "gateway").handling().dependents()).hasSize(40);
        assertThat(alert(judge, "shop-7").status()).isEqualTo("suppressed");
        assertThat(alert(judge, "shop-7").handling().heldBack()).contains(new HeldBack(Reason.DEPENDENCY, "gateway"));

        // it heals, and one child does not
        world.live(judge, List.of(run(parent, 'S', 54)));
        for (ProbeSpec child : children.subList(1, 40)) {
            world.live(judge, List.of(run(child, 'S', 60)));
        }
        world.live(judge, List.of(run(children.getFirst(), 'F', 60), run(parent, 'S', 64), run(children.getFirst(), 'F', 70)));
        assertThat(notices()).as("the full delay again").containsExactly("FIRING gateway", "RESOLVED gateway");
        world.live(judge, List.of(run(parent, 'S', 74), run(children.getFirst(), 'F', 80), run(parent, 'S', 84)));
        assertThat(notices()).containsExactly("FIRING gateway", "RESOLVED gateway", "FIRING shop-0");
    }

    @Test
    void aChildIsToldOfOnlyOnceItsParentWasLookedAtSince() {
        ProbeSpec parent = Specs.spec(GATEWAY);
        ProbeSpec shop = child("shop", "gateway");
        AlertJudge judge = begin(rule("down", 1, 0, true), shop, parent);

        world.live(judge, List.of(run(parent, 'S', 0), run(shop, 'F', 3)));
        assertThat(notices()).isEmpty();
        assertThat(alert(judge, "shop").state()).isEqualTo(AlertView.State.PENDING);
        world.live(judge, List.of(run(parent, 'S', 10)));
        assertThat(notices()).containsExactly("FIRING shop");
    }

    @Test
    void aParentThatDoesNotRunAnyMoreIsNotWaitedForForEver() {
        ProbeSpec parent = Specs.spec(GATEWAY);
        ProbeSpec shop = child("shop", "gateway");
        AlertJudge judge = begin(rule("down", 1, 0, true), shop, parent);

        world.live(judge, List.of(run(shop, 'F', 3), run(shop, 'F', 13)));
        assertThat(notices()).isEmpty();
        world.live(judge, List.of(run(shop, 'F', 23)));
        assertThat(notices()).containsExactly("FIRING shop");
    }

    @Test
    void whatFiredBeforeItsParentResolvesAllTheSame() {
        ProbeSpec parent = Specs.spec(GATEWAY);
        ProbeSpec shop = child("shop", "gateway");
        AlertJudge judge = begin(rule("down", 1, 0, true), shop, parent);
        world.live(judge, List.of(run(shop, 'F', 0), run(parent, 'S', 1), run(parent, 'C', 11)));
        assertThat(notices()).containsExactly("FIRING shop", "FIRING gateway");
        assertThat(alert(judge, "shop").status()).isEqualTo("suppressed");

        world.live(judge, List.of(run(shop, 'S', 20)));

        assertThat(notices()).containsExactly("FIRING shop", "FIRING gateway", "RESOLVED shop");
    }

    @Test
    void aGrandchildIsHeldBackByTheEldest() {
        ProbeSpec net = child("net");
        ProbeSpec gateway = child("gateway", "net");
        ProbeSpec shop = child("shop", "gateway");
        AlertJudge judge = begin(rule("down", 1, 0, true), net, gateway, shop);

        world.live(judge, List.of(run(net, 'C', 0), run(gateway, 'C', 1), run(shop, 'F', 2)));

        assertThat(notices()).containsExactly("FIRING net");
        assertThat(alert(judge, "net").handling().dependents()).containsExactly("gateway", "shop");
        assertThat(alert(judge, "shop").handling().heldBack()).contains(new HeldBack(Reason.DEPENDENCY, "net"));
    }

    @Test
    void aParentThatNoRuleWatchesHoldsNobodyBack() {
        ProbeSpec parent = Specs.spec(GATEWAY);
        ProbeSpec shop = child("shop", "gateway");
        var shopsOnly = new Rule(
                "down",
                List.of(new Matcher("name", List.of("shop"), List.of())),
                new RunCount(1, 1, false),
                Duration.ZERO,
                Duration.ZERO,
                Severity.CRITICAL,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        AlertJudge judge = begin(shopsOnly, parent, shop);

        world.live(judge, List.of(run(parent, 'C', 0), run(shop, 'F', 1)));

        assertThat(notices()).containsExactly("FIRING shop");
    }

    @Test
    void aFailureIsConfirmedByQuickRerunsBeforeItIsTold() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        AlertJudge judge = begin(rule("down", 1, 2, true), gateway);

        world.live(judge, List.of(run(gateway, 'F', 0)));
        assertThat(world.reruns).containsExactly(GATEWAY);
        world.live(judge, List.of(run(gateway, 'F', 1)));
        assertThat(notices()).isEmpty();
        world.live(judge, List.of(run(gateway, 'F', 2)));
        assertThat(notices()).containsExactly("FIRING gateway");
        assertThat(world.reruns).as("no more than needed").hasSize(2);
    }

    @Test
    void aRerunThatPassesRefutesTheFailure() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        AlertJudge judge = begin(rule("down", 1, 2, true), gateway);

        world.live(judge, List.of(run(gateway, 'F', 0), run(gateway, 'S', 1)));

        assertThat(notices()).isEmpty();
        assertThat(judge.current()).isEmpty();
    }

    @Test
    void confirmationGoesOnAfterARestart() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        world.live(begin(rule("down", 1, 2, true), gateway), List.of(run(gateway, 'F', 0), run(gateway, 'F', 1)));

        AlertJudge again = begin(rule("down", 1, 2, true), gateway);
        world.live(again, List.of(run(gateway, 'F', 2)));

        assertThat(notices()).containsExactly("FIRING gateway");
    }

    @Test
    void anAlertThatComesAndGoesIsSaidToFlapAndToldOfLess() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        AlertJudge judge = begin(rule("down", 1, 0, true), gateway);
        int t = 0;
        for (int i = 0; i < 12; i++) {
            world.live(judge, List.of(run(gateway, 'F', t), run(gateway, 'S', t + 10)));
            t += 60;
        }

        assertThat(notices()).as("three turns, and then one beginning").hasSize(7).endsWith("FIRING gateway");
        assertThat(alert(judge, "gateway").handling().flapping()).isTrue();

        // quiet for a quarter of an hour
        for (int quiet = 0; quiet < 16; quiet++) {
            world.live(judge, List.of(run(gateway, 'S', t)));
            t += 60;
        }
        assertThat(notices()).hasSize(8).endsWith("RESOLVED gateway");
    }

    @Test
    void aRuleMayWantToHearOfEveryTurn() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        AlertJudge judge = begin(rule("down", 1, 0, false), gateway);
        for (int i = 0; i < 6; i++) {
            world.live(judge, List.of(run(gateway, 'F', 60 * i), run(gateway, 'S', 60 * i + 10)));
        }
        assertThat(notices()).hasSize(12);
    }

    @Test
    void whatComesBackSoonIsTheSameIncident() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        AlertJudge judge = begin(rule("down", 1, 0, true), gateway);
        world.live(judge, List.of(run(gateway, 'F', 0), run(gateway, 'S', 10)));
        String first = judge.current().getFirst().id();

        AlertJudge again = begin(rule("down", 1, 0, true), gateway);
        world.live(again, List.of(run(gateway, 'F', 120), run(gateway, 'S', 130), run(gateway, 'F', 900)));

        assertThat(again.current().stream().map(a -> a.handling().incident())).containsExactly("", first, "");
    }

    private static Result silent(ProbeSpec spec, int seconds) {
        return new Result(
                spec.series(),
                "http",
                "https://pay.example/health",
                at(seconds),
                Duration.ofMillis(50),
                Report.builder()
                        .fact(WitnessSettings.SILENT, true)
                        .broken(Cause.LOCAL_NETWORK, "this machine's own network is down")
                        .build());
    }

    @Test
    void ourOwnNetworksTroubleIsOneAlertAndNoneOfATarget() {
        ProbeSpec a = child("a");
        ProbeSpec b = child("b");
        AlertJudge judge = begin(rule("down", 1, 0, true), a, b);

        world.live(judge, List.of(silent(a, 0), silent(b, 1), silent(a, 10), silent(b, 11)));
        assertThat(notices()).containsExactly("FIRING gatewatch");
        assertThat(alert(judge, "gatewatch").cause()).isEqualTo(Cause.LOCAL_NETWORK);

        AlertJudge again = begin(rule("down", 1, 0, true), a, b);
        world.live(again, List.of(silent(a, 20)));
        assertThat(notices()).as("known before the restart").hasSize(1);
        world.live(again, List.of(run(a, 'S', 30), run(b, 'F', 31)));
        assertThat(notices()).containsExactly("FIRING gatewatch", "RESOLVED gatewatch", "FIRING b");
    }

    @Test
    void whoTakesCareOfAnAlertIsShownAndOthersAreNotReminded() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        var hourly = List.of(new Route(
                List.of(),
                List.of("chat"),
                false,
                new Route.Partial(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Duration.ofHours(1))),
                Optional.empty(),
                List.of(),
                List.of()));
        var router = new TreeRouter(hourly, Restraint.NONE, _ -> true);
        AlertJudge judge = world.start(world.judgeOf(List.of(rule("down", 1, 0, true)), router), new Plan(List.of(gateway)), T);
        world.live(judge, List.of(run(gateway, 'F', 0), run(gateway, 'F', 3_700)));
        assertThat(world.told()).extracting(Told::kind).containsExactly(Kind.FIRING, Kind.REMINDER);

        var ada = new Acknowledgement("ada", at(3_800), "on it");
        world.acknowledged = Map.of(judge.current().getFirst().id(), ada);
        world.live(judge, List.of(run(gateway, 'F', 7_500), run(gateway, 'F', 11_000)));
        assertThat(world.told()).hasSize(2);
        assertThat(alert(judge, "gateway").status()).isEqualTo("acknowledged");
        assertThat(alert(judge, "gateway").handling().acknowledged()).contains(ada);

        world.live(judge, List.of(run(gateway, 'S', 11_010)));
        assertThat(world.told()).extracting(Told::kind).containsExactly(Kind.FIRING, Kind.REMINDER, Kind.RESOLVED);
    }

    @Test
    void whatIsSilencedIsToldOnceTheSilenceIsOverIfItStillFires() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        Restraint silence = (_, now) -> now.isBefore(at(100)) ? Optional.of(new HeldBack(Reason.SILENCE, "s1")) : Optional.empty();
        var router = new TreeRouter(TO_CHAT, silence, _ -> true);
        AlertJudge judge = world.start(world.judgeOf(List.of(rule("down", 1, 0, true)), router), new Plan(List.of(gateway)), T);

        world.live(judge, List.of(run(gateway, 'F', 0), run(gateway, 'F', 90)));
        assertThat(notices()).isEmpty();
        assertThat(alert(judge, "gateway").status()).isEqualTo("suppressed");

        world.live(judge, List.of(run(gateway, 'F', 110)));
        assertThat(notices()).containsExactly("FIRING gateway");
        assertThat(alert(judge, "gateway").status()).isEqualTo("firing");
    }

    @Test
    void aClockThatStepsHoldsUpNoNotice() {
        ProbeSpec gateway = Specs.spec(GATEWAY);
        AlertJudge judge = begin(rule("down", 1, 0, false), gateway);
        world.live(judge, List.of(run(gateway, 'F', 7_200)));

        // an hour back: runs start earlier than the last one did
        world.live(judge, List.of(run(gateway, 'S', 3_610)));
        world.live(judge, List.of(run(gateway, 'F', 3_620)));
        // and two forward
        world.live(judge, List.of(run(gateway, 'S', 10_830)));

        assertThat(notices()).containsExactly("FIRING gateway", "RESOLVED gateway", "FIRING gateway", "RESOLVED gateway");
    }
}
