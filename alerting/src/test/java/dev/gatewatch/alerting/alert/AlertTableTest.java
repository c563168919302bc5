package dev.gatewatch.alerting.alert;

import static dev.gatewatch.alerting.kit.Story.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.kit.Specs;
import dev.gatewatch.alerting.route.Told;
import dev.gatewatch.view.Handling;
import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.RunCount;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The table on the real store, with its real migration. */
class AlertTableTest {
    private static final Series SERIES = new Series("checkout", "ap", "dc1");
    private static final Rule RULE = new Rule(
            "down",
            List.of(),
            new RunCount(1, 1, false),
            Duration.ZERO,
            Duration.ZERO,
            Severity.CRITICAL,
            new LinkedHashMap<>(Map.of("team", "core \"ö\"\n'x'")),
            new LinkedHashMap<>(Map.of("runbook_url", "https://runbooks.example/?a=1&b=2")));

    @RegisterExtension
    final TestStore store = new TestStore();

    @Test
    void anAlertComesBackAsItWasStored() {
        Episode pending = Episode.pending(T, T.plusSeconds(10), 2);
        Episode firing = pending.fired(T.plusSeconds(20)).clearSince(Optional.of(T.plusSeconds(30)));
        var channels = new LinkedHashMap<String, Told>();
        channels.put("ops", new Told("g1", 2, T.plusSeconds(20), T.plusSeconds(21), true));
        channels.put("am", new Told("", 2, T.plusSeconds(20), T.plusSeconds(20), false));
        List<Alert> alerts = List.of(
                alert("a", pending),
                alert("b", firing).told(channels),
                alert("c", firing.resolved(T.plusSeconds(40), Episode.REMOVED)).told(channels));

        store.get().write(tx -> {
            AlertTable.save(tx, alerts);
            return true;
        });

        store.reopen();
        List<Alert> open = store.get().read(AlertTable::open);
        List<Alert> resolved = store.get().read(h -> AlertTable.resolvedSince(h, T, 10));
        Map<String, List<Recurrence.Ended>> ends = store.get().read(h -> AlertTable.endsSince(h, T));
        List<Alert> later = store.get().read(h -> AlertTable.resolvedSince(h, T.plusSeconds(40), 10));
        assertThat(open).containsExactlyInAnyOrder(alerts.get(0), alerts.get(1));
        assertThat(resolved).containsExactly(alerts.get(2));
        assertThat(ends).containsExactly(Map.entry(
                alerts.get(2).view().fingerprint(),
                List.of(new Recurrence.Ended(T.plusSeconds(20), T.plusSeconds(40), alerts.get(2).view().id()))));
        assertThat(later).isEmpty();
        assertThat(store.get().read(AlertTable::owing)).as("its end is not known everywhere").containsExactly(alerts.get(2));
    }

    @Test
    void savingAgainReplacesAndDeletingForgets() {
        Alert first = alert("a", Episode.pending(T, T, 0));
        Alert later = first.with(first.episode().fired(T.plusSeconds(1)))
                .with(new Alert.Text(Cause.REGION_DOWN, "region ap is down", "proof"));

        store.get().write(tx -> {
            AlertTable.save(tx, List.of(first));
            AlertTable.save(tx, List.of(later));
            return true;
        });
        assertThat(store.get().read(AlertTable::open)).containsExactly(later);

        store.get().write(tx -> {
            AlertTable.delete(tx, List.of(later.view().id()));
            return true;
        });
        assertThat(store.get().read(AlertTable::open)).isEmpty();
    }

    @Test
    void aCauseOfANewerVersionIsReadAsOurOwnLackOfKnowledge() {
        store.get().write(tx -> {
            AlertTable.save(tx, List.of(alert("a", Episode.pending(T, T, 0))));
            return tx.execute("UPDATE alert SET cause = 'not_yet_invented'");
        });

        assertThat(store.get().read(AlertTable::open)).singleElement().extracting(a -> a.view().cause()).isEqualTo(Cause.INTERNAL_ERROR);
    }

    @Test
    void identityIsOfRuleAndSeriesAndNothingElse() {
        String one = Alert.fingerprint("down", SERIES);

        assertThat(one).matches("[0-9a-f]{16}").isEqualTo(Alert.fingerprint("down", new Series("checkout", "ap", "dc1")));
        assertThat(List.of(
                        Alert.fingerprint("downc", new Series("heckout", "ap", "dc1")),
                        Alert.fingerprint("down", new Series("checkout", "", "dc1")),
                        Alert.fingerprint("down", new Series("checkout", "ap", "dc2")),
                        Alert.fingerprint("up", SERIES)))
                .doesNotHaveDuplicates()
                .doesNotContain(one);
    }

    private static Alert alert(String probe, Episode episode) {
        var spec = Specs.spec(new Series(probe, "ap", "dc1"));
        return Alert.begin(RULE, spec, episode, new Alert.Text(Cause.CONNECT_REFUSED, "nothing listens", ""), Handling.NONE);
    }
}
