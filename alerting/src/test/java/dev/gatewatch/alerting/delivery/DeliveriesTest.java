package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.alerting.channel.support.AlertSamples.resolved;
import static dev.gatewatch.kit.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real threads and real time; nothing here depends on how long anything takes. */
@Timeout(60)
class DeliveriesTest {
    @TempDir
    Path folder;

    private TestStore store;
    private Deliveries deliveries;

    @BeforeEach
    void open() {
        store = new TestStore(folder);
        deliveries = deliveries(Duration.ofMillis(50));
    }

    @AfterEach
    void close() {
        deliveries.close();
        store.close();
    }

    private Deliveries deliveries(Duration grace) {
        return new Deliveries(store, DeliveryMetrics.NONE, TimeSource.system(), new LongestDraw(), grace, "dc1");
    }

    private static NamedChannel named(String name, Channel channel) {
        return new NamedChannel(name, "fake", channel);
    }

    /** As judging does: writes in a transaction, then says that it holds. */
    private void tell(String channel, AlertView... alerts) {
        store.write(tx -> {
            for (AlertView alert : alerts) {
                Kind kind = alert.state() == AlertView.State.RESOLVED ? Kind.RESOLVED : Kind.FIRING;
                var group = new Notice.Group(alert.id(), "", kind.firing() ? 1 : 0);
                deliveries.enqueue(tx, List.of(new Telling(channel, kind, alert, group, "")), Instant.now());
            }
            return true;
        });
        deliveries.committed(Map.of(), Instant.now());
    }

    private List<State> states(String channel) {
        return Logs.of(deliveries::find, channel).stream().map(NoticeView::state).toList();
    }

    private static AlertView[] alerts(int count) {
        return IntStream.range(0, count).mapToObj(i -> firing("a" + i)).toArray(AlertView[]::new);
    }

    @Test
    void aChannelThatHangsHoldsUpNobodyElse() {
        var hanging = new FakeMessenger().hanging();
        var broken = new FakeMessenger().always(_ -> new Delivery.Broken("HTTP 403"));
        var good = new FakeMessenger();
        var mirror = new FakeMirror("up", "down").always((peer, _) -> {
            if (peer == 1) {
                new CountDownLatch(1).await();
            }
            return new Delivery.Delivered();
        });
        deliveries.reconfigure(
                List.of(named("hanging", hanging), named("broken", broken), named("good", good), named("am", mirror)));
        assertThat(deliveries.messengers()).containsExactly("hanging", "broken", "good");

        for (String channel : deliveries.messengers()) {
            tell(channel, alerts(3));
        }
        deliveries.committed(Map.of("am", List.of(firing("a"))), Instant.now());
        await().until(() -> hanging.messages.size() == 1 && good.messages.size() >= 3 && mirror.pushes.size() == 2);
        deliveries.committed(Map.of("am", List.of(firing("a"), firing("b"))), Instant.now());

        await().until(() -> mirror.pushed(0).size() == 2);
        await().until(() -> deliveries.views().stream().anyMatch(v -> v.lastError().equals("HTTP 403")));
        assertThat(deliveries.views())
                .extracting(ChannelView::name, ChannelView::lane)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("hanging", ""),
                        org.assertj.core.groups.Tuple.tuple("broken", ""),
                        org.assertj.core.groups.Tuple.tuple("good", ""),
                        org.assertj.core.groups.Tuple.tuple("am", "up"),
                        org.assertj.core.groups.Tuple.tuple("am", "down"));
    }

    @Test
    void whatIsWrittenBeforeTheStartIsDeliveredAfterIt() {
        var first = new FakeMessenger();
        deliveries.reconfigure(List.of(named("ops", first.hanging())));
        tell("ops", firing("a"));
        await().until(() -> first.messages.size() == 1);
        deliveries.close();
        assertThat(states("ops")).containsExactly(State.SENDING);

        var second = new FakeMessenger();
        deliveries = deliveries(Duration.ofMillis(50));
        deliveries.reconfigure(List.of(named("ops", second)));

        await().until(() -> second.messages.size() == 1);
        assertThat(second.notices()).singleElement().matches(Notice::mayRepeat);
    }

    @Test
    void theEndDrainsWhatCanBeDelivered() {
        var slow = new FakeMessenger();
        deliveries.close();
        deliveries = deliveries(Duration.ofSeconds(30));
        deliveries.reconfigure(List.of(named("ops", slow)));
        tell("ops", alerts(50));

        deliveries.close();

        assertThat(slow.ids()).hasSize(50).isSorted();
        assertThat(states("ops")).containsOnly(State.SENT);
        assertThat(slow.isClosed()).isTrue();
    }

    @Test
    void theEndKeepsWhatCannotBeDelivered() {
        var hanging = new FakeMessenger().hanging();
        deliveries.reconfigure(List.of(named("ops", hanging)));
        tell("ops", alerts(50));
        await().until(() -> hanging.messages.size() == 1);

        deliveries.close();

        assertThat(states("ops")).hasSize(50).containsOnly(State.QUEUED, State.SENDING);
        var next = new FakeMessenger();
        deliveries = deliveries(Duration.ofMillis(50));
        deliveries.reconfigure(List.of(named("ops", next)));
        await().until(() -> next.messages.size() == 50);
        assertThat(next.notices().stream().filter(Notice::mayRepeat)).hasSize(1);
    }

    @Test
    void theEndDoesNotWaitForWhatIsDueLater() {
        var later = new FakeMessenger().always(_ -> new Delivery.Retry("HTTP 429", Optional.of(Duration.ofHours(1))));
        deliveries.close();
        deliveries = deliveries(Duration.ofMinutes(10));
        deliveries.reconfigure(List.of(named("ops", later)));
        tell("ops", firing("a"));
        await().until(() -> later.messages.size() == 1);

        deliveries.close(); // the test's own time-out is far below the grace

        assertThat(states("ops")).containsExactly(State.QUEUED);
    }

    @Test
    void aReloadKeepsWhatWaitsForAChannelThatStays() {
        var before = new FakeMessenger().always(_ -> new Delivery.Retry("HTTP 500", Optional.empty()));
        deliveries.reconfigure(List.of(named("ops", before)));
        tell("ops", firing("a"), resolved(firing("a")));
        await().until(() -> !before.messages.isEmpty());

        var after = new FakeMessenger();
        deliveries.reconfigure(List.of(named("ops", after), named("new", new FakeMessenger())));

        await().until(() -> after.messages.size() == 2);
        assertThat(after.notices()).extracting(Notice::kind).containsExactly(Kind.FIRING, Kind.RESOLVED);
        await().until(before::isClosed);
        assertThat(after.isClosed()).isFalse();
    }

    @Test
    void aReloadWithTheSameChannelLeavesItAlone() {
        var ops = new FakeMessenger();
        deliveries.reconfigure(List.of(named("ops", ops)));
        deliveries.reconfigure(List.of(named("ops", ops)));
        tell("ops", firing("a"));

        await().until(() -> ops.messages.size() == 1);
        assertThat(ops.isClosed()).isFalse();
    }

    @Test
    void whatWaitsForARemovedChannelIsGivenUpWithTheReason() {
        var gone = new FakeMessenger().always(_ -> new Delivery.Retry("HTTP 429", Optional.of(Duration.ofHours(1))));
        deliveries.reconfigure(List.of(named("gone", gone), named("ops", new FakeMessenger())));
        tell("gone", alerts(3));
        await().until(() -> gone.messages.size() == 1);

        deliveries.reconfigure(List.of(named("ops", new FakeMessenger())));

        assertThat(gone.isClosed()).isTrue();
        assertThat(Logs.of(deliveries::find, "gone"))
                .hasSize(3)
                .allMatch(row -> row.state() == State.DEAD && row.lastError().contains("no longer configured"));
        assertThat(deliveries.messengers()).containsExactly("ops");
    }

    @Test
    void aNoticeForNobodyIsSeenInTheNoticeLog() {
        deliveries.reconfigure(List.of());
        tell("gone", firing("a"));

        assertThat(Logs.all(deliveries::find))
                .singleElement()
                .matches(row -> row.state() == State.DEAD && row.lastError().equals("there is no such channel"));
    }

    @Test
    void aMirrorOfTheSameNameIsToldTheLastPictureAgain() {
        var before = new FakeMirror("am1");
        deliveries.reconfigure(List.of(named("am", before)));
        deliveries.committed(Map.of("am", List.of(firing("a"))), Instant.now());
        await().until(() -> before.pushes.size() == 1);

        var after = new FakeMirror("am1", "am2");
        deliveries.reconfigure(List.of(named("am", after)));

        await().until(() -> after.pushed(0).size() == 1 && after.pushed(1).size() == 1);
        assertThat(before.isClosed()).isTrue();
        assertThat(deliveries.messengers()).isEmpty();
    }

    @Test
    void aChannelMayBecomeOneOfAnotherKind() {
        var messenger = new FakeMessenger().hanging();
        deliveries.reconfigure(List.of(named("ops", messenger)));
        tell("ops", firing("a"));
        await().until(() -> messenger.messages.size() == 1);

        var mirror = new FakeMirror("am1");
        deliveries.reconfigure(List.of(named("ops", mirror)));
        deliveries.committed(Map.of("ops", List.of(firing("a"))), Instant.now());

        await().until(() -> mirror.pushes.size() == 1);
        assertThat(states("ops")).containsExactly(State.DEAD);
        assertThat(messenger.isClosed()).isTrue();
    }

    @Test
    void aStoreThatFailsForAWhileLosesNothing() {
        var ops = new FakeMessenger();
        deliveries.reconfigure(List.of(named("ops", ops)));
        tell("ops", firing("a"));
        await().until(() -> states("ops").equals(List.of(State.SENT)));
        store.failAfter(1); // lets the next notice be written, not be marked

        tell("ops", firing("b"));
        assertThat(ops.messages).as("nothing is sent that is not marked first").hasSize(1);
        store.work();

        await().until(() -> ops.messages.size() == 2);
        assertThat(ops.notices()).noneMatch(Notice::mayRepeat);
    }

    @Test
    void twoChannelsOfOneNameAreAMistakeOfTheCaller() {
        assertThatThrownBy(() -> deliveries.reconfigure(
                        List.of(named("ops", new FakeMessenger()), named("ops", new FakeMessenger()))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
