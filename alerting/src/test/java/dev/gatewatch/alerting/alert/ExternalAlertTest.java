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
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling.Acknowledgement;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alerts of other monitors among ours. */
final class ExternalAlertTest {
    private static final Series GATEWAY = new Series("gateway", "", "dc1");
    private static final Rule DOWN = new Rule(
            "down",
            List.of(),
            new RunCount(1, 1, false),
            Duration.ZERO,
            Duration.ZERO,
            Severity.CRITICAL,
            new LinkedHashMap<>(),
            new LinkedHashMap<>());

    private final World world = new World();
    private AlertJudge judge = start();

    private AlertJudge start() {
        return world.start(
                world.judgeOf(List.of(DOWN), List.of(new Route(List.of(), List.of("chat", "am"), false))),
                new Plan(List.of(Specs.spec(GATEWAY))),
                T);
    }

    private static InboundAlert inbound(String fingerprint, Map<String, String> labels, Map<String, String> annotations) {
        return new InboundAlert(
                fingerprint,
                "g",
                new LinkedHashMap<>(labels),
                new LinkedHashMap<>(annotations),
                "https://prometheus.example/graph?g0.expr=up",
                T.minusSeconds(60),
                Optional.empty(),
                "",
                T);
    }

    private static final InboundAlert DISK = inbound(
            "d15c",
            Map.of("alertname", "DiskFull", "severity", "page", "instance", "db1:9100", "job", "node", "team", "storage"),
            Map.of("summary", "disk is 97 % full", "description", "/var on db1", "runbook_url", "https://runbooks.example/disk"));

    private void tell(Instant now, InboundAlert... alerts) {
        var all = new LinkedHashMap<String, InboundAlert>();
        for (InboundAlert alert : alerts) {
            all.put(alert.fingerprint(), alert);
        }
        world.inbound = all;
        world.judge(judge, 0, now);
    }

    private List<String> notices() {
        return world.told().stream().map(told -> told.kind() + " " + told.probe()).toList();
    }

    private AlertView alert(String rule) {
        return judge.current().stream().filter(a -> a.rule().equals(rule)).findFirst().orElseThrow();
    }

    @Test
    void itIsShownAndRoutedAsIfItWereOurs() {
        tell(T, DISK);

        assertThat(notices()).containsExactly("FIRING db1:9100");
        assertThat(world.pictures.get("am")).hasSize(1);
        assertThat(alert("DiskFull")).satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(State.FIRING);
            assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(alert.cause()).isEqualTo(Cause.EXTERNAL_ALERT);
            assertThat(alert.message()).isEqualTo("disk is 97 % full");
            assertThat(alert.evidence()).isEqualTo("/var on db1");
            assertThat(alert.startsAt()).isEqualTo(T.minusSeconds(60));
            assertThat(alert.firedAt()).contains(T);
            assertThat(alert.labels()).containsOnly(
                    Map.entry("instance", "db1:9100"), Map.entry("job", "node"), Map.entry("team", "storage"));
            assertThat(alert.annotations())
                    .containsEntry("runbook_url", "https://runbooks.example/disk")
                    .containsEntry("source_url", "https://prometheus.example/graph?g0.expr=up");
        });
    }

    @Test
    void itEndsWhenItsMonitorSaysSo() {
        tell(T, DISK);
        tell(T.plusSeconds(30), DISK.ended(T.plusSeconds(29), Episode.HEALED));

        assertThat(notices()).containsExactly("FIRING db1:9100", "RESOLVED db1:9100");
        assertThat(alert("DiskFull").endsAt()).contains(T.plusSeconds(29));
        assertThat(alert("DiskFull").endReason()).isEqualTo("healed");
    }

    @Test
    void itEndsWhenNobodyTellsOfItForMoreThanADay() {
        tell(T, DISK);
        world.judge(judge, 0, T.plus(Duration.ofHours(24)));
        assertThat(notices()).containsExactly("FIRING db1:9100");
        world.judge(judge, 0, T.plus(Duration.ofHours(26)));

        assertThat(notices()).containsExactly("FIRING db1:9100", "RESOLVED db1:9100");
        assertThat(alert("DiskFull").endReason()).isEqualTo("no longer reported");
    }

    @Test
    void aRestartChangesNothing() {
        tell(T, DISK);
        judge = start();
        assertThat(alert("DiskFull").state()).isEqualTo(State.FIRING);
        world.judge(judge, 0, T.plusSeconds(5));
        assertThat(notices()).hasSize(1);

        judge = start();
        tell(T.plusSeconds(30), DISK.ended(T.plusSeconds(29), Episode.HEALED));
        assertThat(notices()).containsExactly("FIRING db1:9100", "RESOLVED db1:9100");
    }

    @Test
    void theNextTimeItIsAnotherAlertOfTheSameIncident() {
        tell(T, DISK);
        String first = alert("DiskFull").id();
        tell(T.plusSeconds(30), DISK.ended(T.plusSeconds(29), InboundAlert.NO_LONGER_REPORTED));
        judge = start();
        tell(T.plusSeconds(60), DISK); // with the start it had before

        assertThat(notices()).containsExactly("FIRING db1:9100", "RESOLVED db1:9100", "FIRING db1:9100");
        assertThat(judge.current().getFirst()).satisfies(again -> {
            assertThat(again.state()).isEqualTo(State.FIRING);
            assertThat(again.id()).isNotEqualTo(first);
            assertThat(again.handling().incident()).isEqualTo(first);
        });
    }

    @Test
    void whatIsSaidFollowsItsMonitorWithoutAnotherNotice() {
        tell(T, DISK);
        tell(T.plusSeconds(30), inbound("d15c", DISK.labels(), Map.of("summary", "disk is 99 % full")));

        assertThat(alert("DiskFull").message()).isEqualTo("disk is 99 % full");
        assertThat(notices()).hasSize(1);
    }

    @Test
    void somebodyMayTakeCareOfIt() {
        tell(T, DISK);
        world.acknowledged = Map.of(alert("DiskFull").id(), new Acknowledgement("ada", T, ""));
        world.judge(judge, 0, T.plusSeconds(1));

        assertThat(alert("DiskFull").status()).isEqualTo("acknowledged");
        judge = start();
        assertThat(alert("DiskFull").status()).as("at once after a restart").isEqualTo("acknowledged");
    }

    @ParameterizedTest
    @CsvSource({"probe, gateway", "instance, pay.example:443", "instance, pay.example"})
    void itJoinsTheIncidentOfTheProbeThatItNames(String label, String value) {
        world.live(judge, Story.of(GATEWAY, "F"));
        String ours = alert("down").id();
        tell(T.plusSeconds(10), inbound("1", Map.of("alertname", "PodCrashes", label, value), Map.of()));

        assertThat(alert("PodCrashes").handling().incident()).isEqualTo(ours);
    }

    @Test
    void oneThatHasNothingToDoWithOursStandsForItself() {
        world.live(judge, Story.of(GATEWAY, "F"));
        tell(T.plusSeconds(10), DISK);

        assertThat(alert("DiskFull").handling().incident()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "down, gateway, dc1, http", // of a rule of ours
        "own network, gatewatch, dc1, gatewatch",
        "DiskFull, db1, '', alertmanager" // of another monitor, told by us
    })
    void whatIsOursComesBackInVain(String rule, String probe, String location, String type) {
        tell(T, inbound("1", Map.of("alertname", rule, "probe", probe, "location", location, "type", type), Map.of()));

        assertThat(notices()).isEmpty();
        assertThat(judge.current()).isEmpty();
    }

    @Test
    void theSameRuleOfAnotherLocationIsNotOurs() {
        tell(T, inbound("1", Map.of("alertname", "down", "probe", "gateway", "location", "dc2", "cause", "connect_refused"), Map.of()));

        assertThat(judge.current()).singleElement().satisfies(alert -> {
            assertThat(alert.series()).isEqualTo(new Series("gateway", "", "dc2"));
            assertThat(alert.cause()).isEqualTo(Cause.CONNECT_REFUSED);
        });
    }

    @ParameterizedTest
    @CsvSource({"critical, CRITICAL", "page, CRITICAL", "Error, CRITICAL", "warning, WARNING", "'', WARNING", "P3, WARNING", "info, INFO", "none, INFO"})
    void severitiesOfOthersAreOneOfOurs(String theirs, Severity ours) {
        tell(T, inbound("1", Map.of("alertname", "x", "severity", theirs), Map.of()));

        assertThat(alert("x").severity()).isEqualTo(ours);
    }
}
