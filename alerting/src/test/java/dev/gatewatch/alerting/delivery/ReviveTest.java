package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.alerting.channel.support.AlertSamples.resolved;
import static dev.gatewatch.kit.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Notices that were given up, and sent all the same because somebody wants it. */
@Timeout(60)
class ReviveTest {
    @TempDir
    Path folder;

    private TestStore store;
    private Deliveries deliveries;
    private final FakeMessenger ops = new FakeMessenger();

    @BeforeEach
    void open() {
        store = new TestStore(folder);
        deliveries = new Deliveries(store, DeliveryMetrics.NONE, TimeSource.system(), new LongestDraw(), Duration.ofMillis(50), "dc1");
        deliveries.reconfigure(List.of(new NamedChannel("ops", "fake", ops)));
    }

    @AfterEach
    void close() {
        deliveries.close();
        store.close();
    }

    private void tell(AlertView... alerts) {
        store.write(tx -> {
            for (AlertView alert : alerts) {
                Kind kind = alert.state() == AlertView.State.RESOLVED ? Kind.RESOLVED : Kind.FIRING;
                deliveries.enqueue(tx, List.of(Tellings.of("ops", kind, alert)), Instant.now());
            }
            return true;
        });
        deliveries.committed(Map.of(), Instant.now());
    }

    private List<State> states() {
        return Logs.all(deliveries::find).reversed().stream().map(NoticeView::state).toList();
    }

    @Test
    void aBeginningIsRevivedWithItsEnd() {
        ops.then(new Delivery.Refused("HTTP 400"));
        tell(firing("a"), resolved(firing("a")));
        await().until(() -> states().equals(List.of(State.DEAD, State.DEAD)));

        assertThat(deliveries.revive(2)).isTrue();

        await().until(() -> states().equals(List.of(State.SENT, State.SENT)));
        assertThat(ops.notices()).extracting(Notice::kind).containsExactly(Kind.FIRING, Kind.FIRING, Kind.RESOLVED);
    }

    @Test
    void aBeginningWhoseEndWasToldStaysGivenUp() {
        ops.then(new Delivery.Refused("HTTP 400"));
        tell(firing("a"), firing("a"), resolved(firing("a")));
        await().until(() -> states().equals(List.of(State.DEAD, State.SENT, State.SENT)));

        assertThatThrownBy(() -> deliveries.revive(1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("end was told already");
        assertThat(states()).containsExactly(State.DEAD, State.SENT, State.SENT);
    }

    @Test
    void onlyWhatWasGivenUpAndHasAChannelIsRevived() {
        tell(firing("a"));
        await().until(() -> states().equals(List.of(State.SENT)));
        assertThat(deliveries.revive(1)).isFalse();
        assertThat(deliveries.revive(99)).isFalse();
        store.write(tx -> {
            deliveries.enqueue(tx, List.of(Tellings.of("gone", Kind.FIRING, firing("b"))), Instant.now());
            return true;
        });

        assertThatThrownBy(() -> deliveries.revive(2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no channel");
    }
}
