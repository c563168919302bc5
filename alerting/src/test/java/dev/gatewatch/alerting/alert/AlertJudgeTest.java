package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.INTERVAL;
import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.kit.Story;
import dev.gatewatch.alerting.kit.World;
import dev.gatewatch.alerting.kit.World.Told;
import dev.gatewatch.alerting.route.Route;
import dev.gatewatch.alerting.rule.CertificateExpiry;
import dev.gatewatch.alerting.rule.Condition;
import dev.gatewatch.alerting.rule.ErrorRate;
import dev.gatewatch.alerting.rule.Matcher;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.diagnosis.Diagnosis;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.Cause;
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
import java.util.SequencedMap;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertJudgeTest {
    private static final Series GATEWAY = new Series("gateway", "", "dc1");
    private static final Series OTHER = new Series("other", "", "dc1");
    private static final Plan PLAN = new Plan(List.of(
            Specs.spec(GATEWAY, Map.of("service", "payments", "team", "core"), INTERVAL), Specs.spec(OTHER)));
    private static final Rule DOWN = rule("down", new RunCount(3, 3, false), Duration.ZERO);
    private static final List<Route> TO_CHAT = List.of(new Route(List.of(), List.of("chat"), false));

    private World world;

    @BeforeEach
    void start() {
        world = new World();
    }

    @Test
    void threeOfFiveFiresAtTheThirdFailureOnce() {
        AlertJudge judge = begin(rule("flaky", new RunCount(3, 5, false), Duration.ZERO));

        world.live(judge, Story.of(GATEWAY, "F S F"));
        assertThat(world.told()).isEmpty();
        world.live(judge, Story.of(GATEWAY, "... F"));
        assertThat(world.told()).hasSize(1);
        world.live(judge, Story.of(GATEWAY, ".... F F F F"));
        assertThat(world.told()).singleElement().satisfies(told -> {
            assertThat(told.channel()).isEqualTo("chat");
            assertThat(told.kind()).isEqualTo(Kind.FIRING);
            assertThat(told.message()).isEqualTo("3 of the last 4 runs failed: status 500, expected 200");
        });
    }

    @Test
    void anAlertThatBeginsDuringAChangeNamesIt() {
        Instant began = T.plusSeconds(60);
        world.changes = (spec, startsAt) -> spec.series().equals(GATEWAY) && !startsAt.isBefore(began)
                ? Optional.of(new ChangesNearby.Nearby("deploy-42", startsAt.getEpochSecond() - began.getEpochSecond() + " s after change deploy-42 began"))
                : Optional.empty();
        AlertJudge judge = begin(rule("down", new RunCount(2, 2, false), Duration.ZERO));

        world.live(judge, Story.of(GATEWAY, "F F F"));
        world.live(judge, Story.of(OTHER, "..... F F"));
        assertThat(judge.current()).noneMatch(alert -> alert.annotations().containsKey("change") || alert.message().contains("change"));
        world.live(judge, Story.of(GATEWAY, "... S S S F F F"));

        AlertView alert = judge.current().stream()
                .filter(a -> a.series().equals(GATEWAY) && a.state() == State.FIRING)
                .findFirst()
                .orElseThrow();
        long after = alert.startsAt().getEpochSecond() - began.getEpochSecond();
        assertThat(alert.annotations()).containsEntry("change", "deploy-42");
        assertThat(alert.message()).endsWith("status 500, expected 200 (" + after + " s after change deploy-42 began)");
        assertThat(world.told().getLast().message()).contains("after change deploy-42 began");
    }

    @Test
    void aFailureShorterThanForIsNotTold() {
        Rule rule = rule("down", new RunCount(1, 1, false), Duration.ofSeconds(2));
        AlertJudge judge = begin(rule, List.of(Specs.spec(GATEWAY, Map.of(), Duration.ofSeconds(1))));

        for (int i = 0; i < 2; i++) {
            world.live(judge, List.of(Story.run(GATEWAY, 'F', T.plusSeconds(i))));
            assertThat(judge.current()).singleElement().extracting(AlertView::state).isEqualTo(State.PENDING);
        }
        world.judge(judge, 0, T.plusMillis(2_020)); // the next run is under way
        world.live(judge, List.of(Story.run(GATEWAY, 'S', T.plusSeconds(2))));

        assertThat(world.told()).isEmpty();
        assertThat(judge.current()).isEmpty();
        assertThat(world.rows()).isEmpty();
    }

    @Test
    void anAlertCarriesEverythingAPersonNeeds() {
        var rule = new Rule(
                "down",
                List.of(new Matcher("service", List.of("payments"), List.of())),
                new RunCount(2, 2, false),
                Duration.ZERO,
                Duration.ZERO,
                Severity.CRITICAL,
                texts("team", "on-call"),
                texts("runbook_url", "https://runbooks.example/down"));
        AlertJudge judge = begin(rule);

        world.live(judge, Story.of(GATEWAY, "S F F"));
        world.live(judge, Story.of(OTHER, "F F F"));

        assertThat(judge.current()).singleElement().satisfies(alert -> {
            assertThat(alert.rule()).isEqualTo("down");
            assertThat(alert.series()).isEqualTo(GATEWAY);
            assertThat(alert.state()).isEqualTo(State.FIRING);
            assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(alert.type()).isEqualTo("http");
            assertThat(alert.target()).isEqualTo("https://pay.example/health");
            assertThat(alert.cause()).isEqualTo(Cause.HTTP_STATUS);
            assertThat(alert.evidence()).isEqualTo("body: oops");
            assertThat(alert.startsAt()).isEqualTo(T.plusSeconds(10));
            assertThat(alert.firedAt()).contains(T.plusSeconds(20).plus(Story.TOOK));
            assertThat(alert.labels()).containsOnly(Map.entry("service", "payments"), Map.entry("team", "on-call"));
            assertThat(alert.annotations()).containsEntry("runbook_url", "https://runbooks.example/down");
            assertThat(alert.id()).startsWith(alert.fingerprint() + "-");
        });
    }

    @Test
    void afterARestartTheAlertGoesOnWithTheSameStartAndIsNotToldAgain() {
        AlertJudge first = begin(DOWN);
        world.live(first, Story.of(GATEWAY, "S F F F F"));
        AlertView before = first.current().getFirst();

        AlertJudge second = restart(T.plusSeconds(50), DOWN);
        assertThat(second.current()).containsExactly(before);
        world.live(second, Story.of(GATEWAY, "..... F F F"));

        assertThat(second.current()).singleElement().satisfies(after -> {
            assertThat(after.id()).isEqualTo(before.id());
            assertThat(after.startsAt()).isEqualTo(before.startsAt()).isEqualTo(T.plusSeconds(10));
        });
        assertThat(world.told()).extracting(Told::kind).containsExactly(Kind.FIRING);
    }

    @Test
    void afterALongStandstillAFiringAlertWaitsForEvidence() {
        AlertJudge first = begin(DOWN);
        world.live(first, Story.of(GATEWAY, "F F F"));

        Instant later = T.plus(Duration.ofHours(5));
        AlertJudge second = restart(later, DOWN);
        world.judge(second, 0, later);
        world.live(second, List.of(Story.run(GATEWAY, 'F', later)));
        assertThat(second.current()).singleElement().extracting(AlertView::state).isEqualTo(State.FIRING);
        assertThat(world.told()).hasSize(1);

        world.live(second, List.of(Story.run(GATEWAY, 'S', later.plus(INTERVAL))));
        assertThat(world.told()).extracting(Told::kind).containsExactly(Kind.FIRING, Kind.RESOLVED);
    }

    @Test
    void aPendingAlertSurvivesARestartWithItsClockRunning() {
        Rule rule = rule("down", new RunCount(1, 1, false), Duration.ofSeconds(30));
        world.live(begin(rule), Story.of(GATEWAY, "F F"));

        AlertJudge second = restart(T.plusSeconds(15), rule);
        world.live(second, Story.of(GATEWAY, ".. F F"));

        assertThat(world.told()).extracting(Told::kind).containsExactly(Kind.FIRING);
        assertThat(second.current().getFirst().startsAt()).isEqualTo(T);
    }

    @Test
    void theNextTroubleIsANewAlertOfTheSameFingerprint() {
        AlertJudge judge = begin(DOWN);
        world.live(judge, Story.of(GATEWAY, "F F F S F F F"));

        assertThat(judge.current()).hasSize(2);
        AlertView now = judge.current().getFirst();
        AlertView before = judge.current().getLast();
        assertThat(now.state()).isEqualTo(State.FIRING);
        assertThat(before.state()).isEqualTo(State.RESOLVED);
        assertThat(before.endReason()).isEqualTo("healed");
        assertThat(before.endsAt()).contains(T.plusSeconds(30).plus(Story.TOOK));
        assertThat(now.fingerprint()).isEqualTo(before.fingerprint());
        assertThat(now.id()).isNotEqualTo(before.id());
        assertThat(world.told()).extracting(Told::kind).containsExactly(Kind.FIRING, Kind.RESOLVED, Kind.FIRING);
    }

    @Test
    void aWholeOutageInOneBatchIsToldInOrder() {
        AlertJudge judge = begin(DOWN);
        world.journal(Story.of(GATEWAY, "F F F S F F F S"));
        world.judge(judge, 100, T.plusSeconds(80));

        assertThat(judge.current()).extracting(AlertView::state).containsOnly(State.RESOLVED).hasSize(2);
        assertThat(judge.current()).allSatisfy(alert -> assertThat(world.told().stream().filter(t -> t.alert().equals(alert.id())))
                .extracting(Told::kind)
                .containsExactly(Kind.FIRING, Kind.RESOLVED));
    }

    @Test
    void nothingHappensToTheAlertsOfAPausedProbe() {
        AlertJudge judge = begin(DOWN);
        world.live(judge, Story.of(GATEWAY, "F F F"));
        world.judge(judge, 0, T.plus(Duration.ofDays(3)));

        assertThat(judge.current()).singleElement().extracting(AlertView::state).isEqualTo(State.FIRING);
        assertThat(world.told()).hasSize(1);
    }

    @Test
    void theAlertOfARemovedRuleResolvesForThoseWhoKnewOfIt() {
        world.live(begin(DOWN), Story.of(GATEWAY, "F F F"));

        AlertJudge second = restart(T.plusSeconds(40), rule("another", new RunCount(3, 3, false), Duration.ZERO));
        world.judge(second, 0, T.plusSeconds(40));

        assertThat(second.current()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(State.RESOLVED);
            assertThat(alert.endReason()).isEqualTo("removed");
            assertThat(alert.endsAt()).contains(T.plusSeconds(40));
        });
        assertThat(world.told()).extracting(Told::kind).containsExactly(Kind.FIRING, Kind.RESOLVED);
    }

    @Test
    void theAlertOfARemovedProbeResolves() {
        world.live(begin(DOWN), Story.of(GATEWAY, "F F F"));

        AlertJudge second = world.start(judge(TO_CHAT, DOWN), new Plan(List.of(Specs.spec(OTHER))), T.plusSeconds(40));
        world.judge(second, 0, T.plusSeconds(40));

        assertThat(second.current()).singleElement().extracting(AlertView::endReason).isEqualTo("removed");
    }

    @Test
    void aPendingAlertOfARemovedRuleVanishesUntold() {
        world.live(begin(rule("slow", new RunCount(1, 1, false), Duration.ofMinutes(5))), Story.of(GATEWAY, "F F"));

        AlertJudge second = restart(T.plusSeconds(40), DOWN);
        world.judge(second, 0, T.plusSeconds(40));

        assertThat(second.current()).isEmpty();
        assertThat(world.told()).isEmpty();
        assertThat(world.rows()).isEmpty();
    }

    @Test
    void theEndGoesToTheChannelsOfTheBeginningAsFarAsTheyExist() {
        var both = List.of(new Route(List.of(), List.of("chat", "hook"), false));
        AlertJudge first = world.start(judge(both, DOWN), PLAN, T);
        world.live(first, Story.of(GATEWAY, "F F F"));

        // "hook" is removed, and "new" is routed to
        world.messengers("chat", "new");
        AlertJudge second =
                world.start(judge(List.of(new Route(List.of(), List.of("new"), false)), DOWN), PLAN, T.plusSeconds(30));
        world.live(second, Story.of(GATEWAY, "... F S"));

        assertThat(world.told())
                .extracting(Told::channel, Told::kind)
                .containsExactly(
                        tuple("chat", Kind.FIRING),
                        tuple("hook", Kind.FIRING),
                        tuple("new", Kind.FIRING),
                        tuple("chat", Kind.RESOLVED),
                        tuple("new", Kind.RESOLVED));
    }

    @Test
    void anAlertThatNoRouteTakesIsShownAndToldToNobody() {
        AlertJudge judge = world.start(judge(List.of(), DOWN), PLAN, T);
        world.live(judge, Story.of(GATEWAY, "F F F S"));

        assertThat(judge.current()).singleElement().extracting(AlertView::state).isEqualTo(State.RESOLVED);
        assertThat(world.told()).isEmpty();
        assertThat(world.pictures).isEmpty();
    }

    @Test
    void mirrorsSeeWhatFiresAndForAQuarterOfAnHourWhatEnded() {
        AlertJudge judge = world.start(judge(List.of(new Route(List.of(), List.of("am"), false)), DOWN), PLAN, T);
        world.live(judge, Story.of(GATEWAY, "F F"));
        assertThat(world.pictures).isEmpty();
        world.live(judge, Story.of(GATEWAY, ".. F"));
        assertThat(world.pictures.get("am")).singleElement().extracting(AlertView::state).isEqualTo(State.FIRING);
        world.live(judge, Story.of(GATEWAY, "... S"));
        Instant end = T.plusSeconds(30).plus(Story.TOOK);
        world.judge(judge, 0, end.plus(Duration.ofMinutes(15)).minusSeconds(1));
        assertThat(world.pictures.get("am")).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(State.RESOLVED);
            assertThat(alert.endsAt()).contains(end);
        });
        world.judge(judge, 0, end.plus(Duration.ofMinutes(15)).plusSeconds(10));
        assertThat(world.pictures).isEmpty();
        assertThat(world.told()).isEmpty();
    }

    @Test
    void aChannelThatIsRoutedToLaterHearsOfWhatFiresAlready() {
        world.live(begin(DOWN), Story.of(GATEWAY, "F F F"));

        AlertJudge second = world.start(
                judge(List.of(new Route(List.of(), List.of("am", "hook"), false)), DOWN), PLAN, T.plusSeconds(30));
        world.live(second, Story.of(GATEWAY, "... F"));

        assertThat(world.pictures.get("am")).hasSize(1);
        assertThat(world.told()).extracting(Told::channel).containsExactly("chat", "hook");
        world.live(second, Story.of(GATEWAY, ".... S"));
        assertThat(world.told()).extracting(Told::channel).containsExactly("chat", "hook", "chat", "hook");
    }

    @Test
    void aTighterWindowIsToldOnceMoreAndNothingIsRepeated() {
        Instant end = T.plus(Duration.ofDays(20));
        var expiry = new CertificateExpiry(
                List.of(Duration.ofDays(30), Duration.ofDays(14), Duration.ofDays(7), Duration.ofDays(1)));
        AlertJudge judge = begin(rule("expiry", expiry, Duration.ZERO));

        for (int hour = 0; hour < 24 * 14; hour++) {
            Instant at = T.plus(Duration.ofHours(hour));
            world.live(judge, List.of(Story.certificate(GATEWAY, at, end)));
            if (hour % 50 == 0) {
                judge = restart(at.plusSeconds(1), rule("expiry", expiry, Duration.ZERO));
            }
        }
        world.live(judge, List.of(Story.certificate(GATEWAY, T.plus(Duration.ofDays(14)), T.plus(Duration.ofDays(400)))));

        assertThat(world.told())
                .extracting(Told::kind, Told::message)
                .containsExactly(
                        told(Kind.FIRING, "certificate expires in 20 days (2026-03-21 03:00 UTC), within 30d"),
                        told(Kind.FIRING, "certificate expires in 14 days (2026-03-21 03:00 UTC), within 14d"),
                        told(Kind.FIRING, "certificate expires in 7 days (2026-03-21 03:00 UTC), within 7d"),
                        told(Kind.RESOLVED, "certificate expires in 6 days (2026-03-21 03:00 UTC), within 7d"));
        assertThat(world.rows()).hasSize(1);
    }

    @Test
    void windowsCrossedWhileTheDaemonWasDownGiveOneNotice() {
        var expiry = new CertificateExpiry(
                List.of(Duration.ofDays(30), Duration.ofDays(14), Duration.ofDays(7), Duration.ofDays(1)));
        Rule rule = rule("expiry", expiry, Duration.ZERO);
        Instant end = T.plus(Duration.ofDays(40));
        world.live(begin(rule), List.of(Story.certificate(GATEWAY, T, end)));
        assertThat(world.told()).isEmpty();

        Instant later = end.minus(Duration.ofHours(12));
        AlertJudge second = restart(later, rule);
        world.live(second, List.of(Story.certificate(GATEWAY, later, end)));
        AlertJudge third = restart(later.plusSeconds(20), rule);
        world.live(third, List.of(Story.certificate(GATEWAY, later.plusSeconds(20), end)));

        assertThat(world.told()).singleElement().satisfies(told -> assertThat(told.message()).endsWith("within 1d"));
    }

    @Test
    void afterAFailedTransactionNothingIsToldTwice() {
        AlertJudge judge = begin(DOWN);
        world.journal(Story.of(GATEWAY, "F F F"));
        world.judgeInVain(judge, 100, T.plusSeconds(30));
        assertThat(judge.current()).isEmpty();
        assertThat(world.told()).isEmpty();

        world.start(judge, PLAN, T.plusSeconds(31));
        world.judge(judge, 100, T.plusSeconds(31));

        assertThat(world.told()).hasSize(1);
        assertThat(judge.current()).hasSize(1);
    }

    @Test
    void severalOpenAlertsAreShownFiringFirst() {
        Rule patient = rule("patient", new RunCount(1, 1, false), Duration.ofHours(1));
        AlertJudge judge = world.start(judge(TO_CHAT, DOWN, patient), PLAN, T);
        world.live(judge, Story.of(GATEWAY, "F F F"));
        world.live(judge, Story.of(OTHER, "... F F F S"));

        assertThat(judge.current())
                .extracting(a -> a.rule() + " " + a.series().probe() + " " + a.state())
                .containsExactly("down gateway FIRING", "patient gateway PENDING", "down other RESOLVED");
    }

    @Test
    void oldAlertsArePruned() {
        AlertJudge judge = begin(DOWN);
        world.live(judge, Story.of(GATEWAY, "F F F S"));
        assertThat(world.rows()).hasSize(1);

        AlertJudge second = restart(T.plus(Duration.ofDays(29)), DOWN);
        world.judge(second, 0, T.plus(Duration.ofDays(29)));
        assertThat(world.rows()).hasSize(1);
        assertThat(second.current()).isEmpty();
        world.judge(second, 0, T.plus(Duration.ofDays(31)));
        assertThat(world.rows()).isEmpty();
    }

    @Test
    void onlySoManyResolvedAlertsAreKept() {
        AlertJudge judge = begin(DOWN);
        world.live(judge, Story.of(GATEWAY, "F F F S F F F S F F F S F F F"));

        int gone = world.query(h -> AlertTable.prune(h, Instant.EPOCH, 2));

        assertThat(gone).isEqualTo(1);
        assertThat(world.rows()).hasSize(3);
    }

    @Test
    void whatARestartRemembersReachesAsFarAsTheRulesLook() {
        assertThat(begin(DOWN).memory()).isEqualTo(Duration.ofMinutes(3));
        assertThat(begin(rule("flaky", new RunCount(10, 100, false), Duration.ZERO)).memory())
                .isEqualTo(Duration.ofSeconds(2_060));
        assertThat(begin(rule("daily", new ErrorRate(Duration.ofDays(1), 0.1, 10), Duration.ZERO))
                        .memory())
                .isEqualTo(Duration.ofDays(1));
    }

    private AlertJudge begin(Rule rule) {
        return world.start(judge(TO_CHAT, rule), PLAN, T);
    }

    private AlertJudge begin(Rule rule, List<ProbeSpec> specs) {
        return world.start(judge(TO_CHAT, rule), new Plan(specs), T);
    }

    private AlertJudge restart(Instant now, Rule rule) {
        return world.start(judge(TO_CHAT, rule), PLAN, now);
    }

    private AlertJudge judge(List<Route> routes, Rule... rules) {
        return world.judgeOf(List.of(rules), routes);
    }

    private static Rule rule(String name, Condition when, Duration holdFor) {
        return new Rule(
                name, List.of(), when, holdFor, Duration.ZERO, Severity.WARNING, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    private static SequencedMap<String, String> texts(String key, String value) {
        return new LinkedHashMap<>(Map.of(key, value));
    }

    private static Tuple told(Kind kind, String message) {
        return tuple(kind, message);
    }
}
