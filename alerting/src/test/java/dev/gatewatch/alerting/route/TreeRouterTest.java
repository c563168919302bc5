package dev.gatewatch.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.calendar.Almanac;
import dev.gatewatch.alerting.calendar.Once;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.Handling;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TreeRouterTest {
    private static final Map<String, Object> OPS = Map.of("channels", "ops");
    private static final Map<String, Object> BY_TEAM =
            Map.of("channels", "ops", "group_by", List.of("team"), "wait", "30s", "interval", "2m", "repeat", "1h");
    private static final Map<String, String> CORE = Map.of("team", "core");

    private static Duration s(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static Duration min(long minutes) {
        return Duration.ofMinutes(minutes);
    }

    /** Holds everything back for a while. */
    private static Restraint silence(long fromSecond, long toSecond) {
        return (_, now) -> now.isBefore(Town.NOON.plusSeconds(fromSecond)) || !now.isBefore(Town.NOON.plusSeconds(toSecond))
                ? Optional.empty()
                : Optional.of(new HeldBack(Reason.SILENCE, "s1"));
    }

    @Test
    void anAlertAloneIsToldAtOnceAndSoIsItsEnd() {
        Town town = Town.of(OPS).fire("a").pass(s(5)).heal("a").pass(s(5));

        assertThat(town.lines()).containsExactly("0s ops: a FIRING (1 firing)", "5s ops: a RESOLVED (0 firing)");
        assertThat(town.messages).extracting(Town.Message::title).containsOnly("");
    }

    @Test
    void aGroupWaitsForOthersAndThenForItsInterval() {
        Town town = Town.of(BY_TEAM)
                .fire("a", Severity.CRITICAL, CORE)
                .pass(s(10))
                .fire("b", Severity.CRITICAL, CORE)
                .pass(s(40)) // told at 30
                .fire("c", Severity.CRITICAL, CORE)
                .pass(min(3)) // told at 150
                .heal("a")
                .pass(min(3)); // told at 270

        assertThat(town.lines())
                .containsExactly(
                        "30s ops: a FIRING, b FIRING (2 firing)", "150s ops: c FIRING (3 firing)", "270s ops: a RESOLVED (2 firing)");
        assertThat(town.messages).extracting(Town.Message::title).containsOnly("team core");
        assertThat(town.messages).extracting(Town.Message::group).containsOnly(town.messages.getFirst().group());
    }

    @Test
    void whatHealsWithinTheWaitIsNotToldAtAll() {
        Town town = Town.of(BY_TEAM).fire("a", Severity.CRITICAL, CORE).pass(s(20)).heal("a").pass(min(5));

        assertThat(town.lines()).isEmpty();
        assertThat(town.kept()).isZero();
    }

    @Test
    void theEndOfAllOfAGroupIsToldAtOnceAndANewOneIsAnotherGroup() {
        Town town = Town.of(BY_TEAM)
                .fire("a", Severity.CRITICAL, CORE)
                .fire("b", Severity.CRITICAL, CORE)
                .pass(s(31))
                .heal("a")
                .heal("b")
                .pass(s(10))
                .fire("a", Severity.CRITICAL, CORE)
                .pass(min(2));

        assertThat(town.lines())
                .containsExactly(
                        "30s ops: a FIRING, b FIRING (2 firing)", "31s ops: a RESOLVED, b RESOLVED (0 firing)", "71s ops: a FIRING (1 firing)");
        assertThat(town.messages.getLast().group()).isNotEqualTo(town.messages.getFirst().group());
    }

    /** The interval counts from the last message about the group, also when those it was about are gone. */
    @Test
    void partialRecoveriesKeepTheInterval() {
        Town town = Town.of(BY_TEAM);
        for (int i = 0; i < 6; i++) {
            town.fire("p" + i, Severity.CRITICAL, CORE);
        }
        town.pass(s(30));
        for (int i = 0; i < 5; i++) {
            town.heal("p" + i).pass(s(30));
        }
        town.restart().pass(min(5));

        assertThat(town.messages).extracting(m -> m.at().toSeconds()).containsExactly(30L, 150L, 270L);
        assertThat(town.messages).extracting(Town.Message::firing).containsExactly(6, 2, 1);
    }

    @Test
    void remindersComeEachRepeatAndNotToThoseWhoHaveAcknowledged() {
        Town town = Town.of(BY_TEAM)
                .fire("a", Severity.CRITICAL, CORE)
                .fire("b", Severity.CRITICAL, CORE)
                .pass(s(40))
                .acknowledge("a")
                .pass(Duration.ofMinutes(130))
                .acknowledge("b")
                .pass(Duration.ofHours(3));

        assertThat(town.lines())
                .containsExactly(
                        "30s ops: a FIRING, b FIRING (2 firing)", "3630s ops: b REMINDER (2 firing)", "7230s ops: b REMINDER (2 firing)");
    }

    @Test
    void whatGetsWorseIsToldAtOnceAndOnce() {
        Town town = Town.of(BY_TEAM)
                .fire("a", Severity.WARNING, CORE)
                .pass(s(40))
                .worsen("a")
                .pass(s(40))
                .restart()
                .pass(s(40));

        assertThat(town.lines()).containsExactly("30s ops: a FIRING (1 firing)", "40s ops: a FIRING worsened (1 firing)");
    }

    @Test
    void whatIsGraverThanAllThatWasToldDoesNotWaitForTheInterval() {
        Town town = Town.of(BY_TEAM)
                .fire("a", Severity.WARNING, CORE)
                .pass(s(40))
                .fire("b", Severity.WARNING, CORE)
                .fire("c", Severity.CRITICAL, CORE)
                .pass(s(10))
                .fire("d", Severity.CRITICAL, CORE)
                .pass(s(10));

        assertThat(town.lines())
                .containsExactly("30s ops: a FIRING (1 firing)", "40s ops: b FIRING, c FIRING (3 firing)");
    }

    @Test
    void othersAreToldWhenNobodyAcknowledges() {
        Object steps = List.of(
                Map.of("after", "15m", "channels", "boss"), Map.of("after", "30m", "channels", List.of("boss", "chief")));
        Town town = Town.of(Map.of("channels", "ops", "escalate", steps))
                .fire("a")
                .fire("b")
                .pass(min(5))
                .acknowledge("b")
                .pass(min(15))
                .acknowledge("a")
                .pass(min(30))
                .heal("a")
                .heal("b")
                .pass(s(5));

        assertThat(town.lines())
                .containsExactly(
                        "0s ops: a FIRING (1 firing)",
                        "0s ops: b FIRING (1 firing)",
                        "900s boss: a FIRING escalation:15m (1 firing)",
                        "3000s ops: a RESOLVED (0 firing)",
                        "3000s ops: b RESOLVED (0 firing)",
                        "3000s boss: a RESOLVED (0 firing)");
    }

    @Test
    void stepsOfEscalationCountFromWhenPeopleCouldHaveAcknowledged() {
        Object steps = List.of(Map.of("after", "15m", "channels", "boss"));
        Town town = Town.of(Map.of("channels", "ops", "escalate", steps))
                .restraint(silence(0, 3_600))
                .fire("a")
                .pass(Duration.ofMinutes(80));

        assertThat(town.lines())
                .containsExactly(
                        "3600s ops: a FIRING unsilenced (1 firing)", "4500s boss: a FIRING escalation:15m (1 firing)");
    }

    @Test
    void aSilenceHoldsBackAllButEnds() {
        Town town = Town.of(OPS)
                .fire("before")
                .pass(s(10))
                .restraint(silence(10, 100))
                .worsen("before")
                .fire("meanwhile")
                .fire("lasting")
                .pass(s(20));
        assertThat(town.last.heldBack()).containsOnlyKeys("before#1", "meanwhile#1", "lasting#1");
        town.heal("before").heal("meanwhile").pass(s(90));

        assertThat(town.lines())
                .containsExactly(
                        "0s ops: before FIRING (1 firing)",
                        "30s ops: before RESOLVED (0 firing)",
                        "100s ops: lasting FIRING unsilenced (1 firing)");
        assertThat(town.last.heldBack()).isEmpty();
    }

    @Test
    void aParentsTroubleHoldsBackAsTheJudgeSays() {
        Town town = Town.of(OPS).fire("child");
        town.handle("child", Handling.NONE.heldBack(Optional.of(new HeldBack(Reason.DEPENDENCY, "parent"))));
        town.pass(s(60));
        assertThat(town.lines()).isEmpty();
        assertThat(town.last.heldBack()).containsEntry("child#1", new HeldBack(Reason.DEPENDENCY, "parent"));

        town.handle("child", Handling.NONE).pass(s(1));
        assertThat(town.lines()).containsExactly("60s ops: child FIRING (1 firing)");
    }

    @Test
    void quietHoursHoldBackWhatIsNotGrave() {
        Object quiet = Map.of("when", Map.of("hours", "12:00-12:10"));
        Town town = Town.of(Map.of("channels", "ops", "quiet_hours", quiet))
                .fire("warning", Severity.WARNING, Map.of())
                .fire("short", Severity.INFO, Map.of())
                .fire("critical")
                .pass(min(5));
        assertThat(town.last.heldBack()).containsOnlyKeys("warning#1", "short#1");
        assertThat(town.last.heldBack().get("warning#1")).isEqualTo(new HeldBack(Reason.QUIET_HOURS, "daily 12:00-12:10 Z"));
        town.heal("short").pass(min(6));

        assertThat(town.lines())
                .containsExactly("0s ops: critical FIRING (1 firing)", "600s ops: warning FIRING unsilenced (1 firing)");
    }

    @Test
    void quietHoursOfOneRouteDoNotQuietAnother() {
        Object quiet = Map.of("severity", "warning", "when", Map.of("hours", "00:00-24:00"));
        Town town = Town.of(
                        Map.of("channels", "pager", "quiet_hours", quiet, "continue", true), Map.of("channels", "chat"))
                .fire("a", Severity.WARNING, Map.of())
                .pass(s(5));

        assertThat(town.lines()).containsExactly("0s chat: a FIRING (1 firing)");
        assertThat(town.last.heldBack()).isEmpty();
    }

    @Test
    void maintenanceHoldsBackWhatItMatches() {
        var once = new Once(LocalDateTime.parse("2026-03-02T12:00"), LocalDateTime.parse("2026-03-02T12:30"), ZoneOffset.UTC);
        var window = new Maintenance.Window(
                "deploy",
                List.of(new dev.gatewatch.alerting.rule.Matcher("team", List.of("core"), List.of())),
                new Almanac(once));
        var maintenance = new Maintenance(List.of(window));
        Town town = Town.of(OPS)
                .restraint(maintenance)
                .fire("a", Severity.CRITICAL, CORE)
                .fire("b", Severity.CRITICAL, Map.of("team", "shop"))
                .pass(min(29));
        assertThat(town.last.heldBack()).containsExactly(Map.entry("a#1", new HeldBack(Reason.MAINTENANCE, "deploy")));
        assertThat(maintenance.views(town.now)).singleElement().satisfies(view -> {
            assertThat(view.what()).isEqualTo("team=core");
            assertThat(view.until()).contains(Instant.parse("2026-03-02T12:30:00Z"));
            assertThat(view.next()).isEmpty();
        });
        town.pass(min(2));

        assertThat(town.lines())
                .containsExactly("0s ops: b FIRING (1 firing)", "1800s ops: a FIRING unsilenced (1 firing)");
    }

    @Test
    void routesBelowARouteDecideInItsPlaceAndInherit() {
        Town town = Town.of(
                        Map.of(
                                "match", Map.of("team", "core"),
                                "channels", "core",
                                "group_by", List.of("team"),
                                "wait", "30s",
                                "routes",
                                        List.of(
                                                Map.of("match", Map.of("severity", "critical"), "channels", "pager", "continue", true),
                                                Map.of("match", Map.of("probe", "~db.*"), "channels", "dba", "wait", "0s"))),
                        Map.of("channels", "rest"))
                .fire("web", Severity.WARNING, CORE)
                .fire("db1", Severity.CRITICAL, CORE)
                .fire("db2", Severity.WARNING, CORE)
                .fire("other")
                .pass(s(60));

        assertThat(town.lines())
                .containsExactly(
                        "0s dba: db1 FIRING, db2 FIRING (2 firing)",
                        "0s rest: other FIRING (1 firing)",
                        "30s pager: db1 FIRING (1 firing)",
                        "30s core: web FIRING (1 firing)");
        assertThat(town.last.unrouted()).isEmpty();
    }

    @Test
    void anAlertThatNoRouteTakesIsNamed() {
        Town town = Town.of(Map.of("channels", "ops", "match", Map.of("severity", "info"))).fire("a").pass(s(1));

        assertThat(town.last.unrouted()).containsExactly("a#1");
        assertThat(town.lines()).isEmpty();
    }

    @Test
    void aMirrorIsShownEverythingAtOnceAndItsEnd() {
        Town town = Town.of(Map.of("channels", List.of("am", "ops"), "wait", "30s")).mirror("am").fire("a").pass(s(1));
        assertThat(town.told("a")).containsOnlyKeys("am");
        town.heal("a").pass(s(1));

        assertThat(town.kept()).isZero();
        assertThat(town.lines()).isEmpty();
    }

    @Test
    void aChannelThatIsNoLongerThereIsOwedNothing() {
        Town town = Town.of(Map.of("channels", List.of("old", "ops"))).fire("a").pass(s(5));
        town.remove("old");
        town.routes(OPS).pass(s(5)).heal("a").pass(s(5));

        assertThat(town.lines())
                .containsExactly("0s old: a FIRING (1 firing)", "0s ops: a FIRING (1 firing)", "10s ops: a RESOLVED (0 firing)");
        assertThat(town.kept()).as("but the group, for a minute").isEqualTo(1);
        assertThat(town.pass(min(1)).kept()).isZero();
    }

    @Test
    void aChannelThatTheRoutesNoLongerNameHearsTheEndOfWhatItWasTold() {
        Town town = Town.of(Map.of("channels", List.of("old", "ops"))).fire("a").pass(s(5));
        town.routes(OPS).pass(Duration.ofHours(5)).heal("a").pass(s(5));

        assertThat(town.lines())
                .containsExactly(
                        "0s old: a FIRING (1 firing)",
                        "0s ops: a FIRING (1 firing)",
                        "14400s ops: a REMINDER (1 firing)",
                        "18005s old: a RESOLVED (0 firing)",
                        "18005s ops: a RESOLVED (0 firing)");
    }

    @Test
    void groupsKeepTheirKeysWhenRoutesAreWrittenOtherwise() {
        Town town = Town.of(BY_TEAM).fire("a", Severity.CRITICAL, CORE).fire("b", Severity.CRITICAL, CORE).pass(s(40));
        town.routes(Map.of("channels", "ops", "group_by", List.of("probe")))
                .fire("c", Severity.CRITICAL, CORE)
                .pass(min(3))
                .heal("a")
                .heal("b")
                .heal("c")
                .pass(s(1));

        assertThat(town.lines())
                .containsExactly(
                        "30s ops: a FIRING, b FIRING (2 firing)",
                        "40s ops: c FIRING (1 firing)",
                        "220s ops: a RESOLVED, b RESOLVED (0 firing)",
                        "220s ops: c RESOLVED (0 firing)");
        assertThat(town.messages.get(2).group()).isEqualTo(town.messages.getFirst().group());
    }

    @Test
    void anAlertThatTurnsIntoAMessengersAfterAMirrorsIsToldAsNew() {
        Town town = Town.of(OPS).mirror("ops").fire("a").pass(s(5));
        Town after = Town.of(OPS);
        after.fire("a");
        assertThat(town.lines()).isEmpty();
        Decision decision = new TreeRouter(
                        Route.LIST
                                .read(
                                        dev.gatewatch.kit.Sections.node("routes", List.of(OPS)),
                                        new dev.gatewatch.config.Reading(new dev.gatewatch.config.Problems(), java.nio.file.Path.of("")))
                                .orElseThrow(),
                        Restraint.NONE,
                        _ -> true)
                .decide(List.of(new Tellable(town.view("a"), 0, town.told("a"))), town.now);

        assertThat(decision.tellings()).hasSize(1);
        assertThat(decision.told().get("a#1").get("ops").group()).isNotEmpty();
    }

    @Test
    void aClockThatIsSetBackStallsNothingAndRemindsNobodyEarly() {
        Town town = Town.of(BY_TEAM).fire("a", Severity.CRITICAL, CORE).pass(s(40));
        town.now = town.now.minus(Duration.ofHours(1));
        town.fire("b", Severity.CRITICAL, CORE).pass(s(1)).fire("c", Severity.CRITICAL, CORE).pass(min(5));
        town.heal("a").heal("b").heal("c").pass(s(5));

        assertThat(town.messages).hasSize(4);
        assertThat(town.messages.get(1).says()).containsExactly("b FIRING");
        assertThat(town.messages.get(2).says()).containsExactly("c FIRING");
        assertThat(town.messages.get(3).firing()).isZero();
    }

    @Test
    void aClockThatIsSetForwardCostsOneReminder() {
        Town town = Town.of(BY_TEAM).fire("a", Severity.CRITICAL, CORE).pass(s(40));
        town.now = town.now.plus(Duration.ofHours(1));
        town.pass(min(30));

        assertThat(town.messages).hasSize(2);
        assertThat(town.messages.getLast().says()).containsExactly("a REMINDER");
    }

    @Test
    void whateverHappensARestartInBetweenChangesNothing() {
        var random = new java.util.Random(4);
        Town calm = Town.of(BY_TEAM, OPS);
        Town restless = Town.of(BY_TEAM, OPS);
        Set<String> up = new java.util.TreeSet<>();
        for (int step = 0; step < 400; step++) {
            String probe = "p" + random.nextInt(40);
            boolean fires = up.add(probe);
            if (!fires) {
                up.remove(probe);
            }
            Duration time = s(random.nextInt(90));
            for (Town town : List.of(calm, restless)) {
                if (fires) {
                    town.fire(probe, Severity.values()[step % 3], Map.of("team", "t" + probe.length()));
                } else {
                    town.heal(probe);
                }
                town.pass(time);
            }
            restless.restart();
        }
        assertThat(restless.lines()).isEqualTo(calm.lines()).hasSizeGreaterThan(100);
        up.forEach(calm::heal);
        calm.pass(Duration.ofHours(1));
        assertThat(calm.holds("ops")).as("every end was told").isEmpty();
        assertThat(calm.kept()).as("nothing is kept for ever").isZero();
    }
}
