package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.kit.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeView;
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

/** A channel that takes nothing, and who hears of it. */
@Timeout(60)
class TroublesTest {
    @TempDir
    Path folder;

    private final FakeTime time = new FakeTime();
    private TestStore store;
    private Deliveries deliveries;
    private final FakeMessenger sick = new FakeMessenger();
    private final FakeMessenger chat = new FakeMessenger(10, Duration.ZERO);
    private final FakeMessenger mail = new FakeMessenger(10, Duration.ZERO);

    @BeforeEach
    void open() {
        store = new TestStore(folder);
        start();
    }

    @AfterEach
    void close() {
        deliveries.close();
        store.close();
    }

    private void start() {
        deliveries = new Deliveries(store, DeliveryMetrics.NONE, TimeSource.system(), new LongestDraw(), Duration.ofMillis(50), "dc1");
    }

    private void channels(Channel sickOne) {
        deliveries.reconfigure(List.of(
                new NamedChannel("sick", "fake", sickOne), new NamedChannel("chat", "fake", chat), new NamedChannel("mail", "fake", mail)));
    }

    private void tell(AlertView alert) {
        store.write(tx -> {
            deliveries.enqueue(tx, List.of(Tellings.of("sick", Kind.FIRING, alert)), Instant.now());
            return true;
        });
        deliveries.committed(Map.of(), Instant.now());
    }

    @Test
    void aBrokenChannelIsToldOfThroughAllOthersOnceAndItsRecoveryToo() {
        sick.always(_ -> new Delivery.Broken("HTTP 403: invalid_token"));
        channels(sick);
        tell(firing("a"));

        await().until(() -> chat.notices().size() == 1 && mail.notices().size() == 1);
        Notice told = chat.notices().getFirst();
        assertThat(told.kind()).isEqualTo(Kind.FIRING);
        assertThat(told.alert().cause()).isEqualTo(Cause.CHANNEL_BROKEN);
        assertThat(told.alert().message()).isEqualTo("channel sick is broken and needs a person; 1 notice waits");
        assertThat(told.alert().evidence()).isEqualTo("HTTP 403: invalid_token");
        assertThat(told.alert().series().display()).isEqualTo("gatewatch");
        assertThat(deliveries.troubles()).extracting(AlertView::id).containsExactly(told.alert().id());

        // a restart finds it broken still, which is no news
        deliveries.close();
        start();
        var still = new FakeMessenger().always(_ -> new Delivery.Broken("HTTP 403: invalid_token"));
        channels(still);
        deliveries.reconfigure(deliveriesWith(still));
        assertThat(deliveries.troubles()).hasSize(1);

        var mended = new FakeMessenger();
        channels(mended);
        await().until(() -> chat.notices().size() == 2 && mail.notices().size() == 2);
        assertThat(mended.notices()).singleElement().matches(n -> n.alert().id().equals("a"));
        assertThat(chat.notices().getLast().kind()).isEqualTo(Kind.RESOLVED);
        assertThat(chat.notices().getLast().alert().id()).isEqualTo(told.alert().id());
        assertThat(deliveries.troubles()).singleElement().matches(a -> a.state() == AlertView.State.RESOLVED && a.id().equals(told.alert().id()));
    }

    private List<NamedChannel> deliveriesWith(Channel sickOne) {
        return List.of(
                new NamedChannel("sick", "fake", sickOne), new NamedChannel("chat", "fake", chat), new NamedChannel("mail", "fake", mail));
    }

    @Test
    void aBrokenChannelThatIsTakenOutOfTheConfigurationIsNoTroubleAnyMore() {
        sick.always(_ -> new Delivery.Broken("HTTP 404"));
        channels(sick);
        tell(firing("a"));
        await().until(() -> chat.notices().size() == 1);

        deliveries.reconfigure(List.of(new NamedChannel("chat", "fake", chat), new NamedChannel("mail", "fake", mail)));

        await().until(() -> chat.notices().size() == 2);
        assertThat(chat.notices().getLast().alert().endReason()).isEqualTo("removed");
        assertThat(deliveries.troubles()).singleElement().matches(a -> a.state() == AlertView.State.RESOLVED);
    }

    @Test
    void aBrokenAlertmanagerIsToldOfToo() {
        var mirror = new FakeMirror("am1", "am2").always((peer, _) -> peer == 1 ? new Delivery.Broken("HTTP 401") : new Delivery.Delivered());
        deliveries.reconfigure(List.of(new NamedChannel("am", "fake", mirror), new NamedChannel("chat", "fake", chat)));
        deliveries.committed(Map.of("am", List.of(firing("a"))), Instant.now());

        await().until(() -> chat.notices().size() == 1);
        assertThat(chat.notices().getFirst().alert().message()).isEqualTo("channel am (am2) is broken and needs a person");
    }

    @Test
    void aReceiverThatIsDownIsToldOfAfterAQuarterOfAnHour() throws Exception {
        try (var kit = new LaneKit(folder.resolve("lane"))) {
            sick.always(_ -> new Delivery.Retry("HTTP 503", Optional.empty()));
            kit.write("g", 1, firing("a"));
            MessengerLane lane = kit.lane(sick);
            Instant start = kit.time.now();
            while (Duration.between(start, kit.time.now()).compareTo(Health.PATIENCE) < 0) {
                assertThat(lane.health()).isInstanceOf(Health.Open.class);
                kit.time.pass(kit.settle(lane));
            }
            kit.settle(lane);

            assertThat(lane.health()).isEqualTo(new Health.Trouble(start, "HTTP 503", false, 1));
            sick.always(_ -> new Delivery.Delivered());
            kit.drain(lane);
            assertThat(lane.health()).isEqualTo(new Health.Good());
        }
    }

    @Test
    void whoHearsOfItIsWrittenOnceHoweverOftenItIsSeen() {
        var outbox = new Outbox(store);
        var troubles = new Troubles(store, outbox, "dc1");
        var lane = new Troubles.Lane("sick", "");
        var trouble = new Health.Trouble(time.now(), "HTTP 503", false, 12);
        time.pass(Duration.ofMinutes(20));

        assertThat(troubles.look(lane, trouble, List.of("sick", "chat"), time.now())).containsExactly("chat");
        assertThat(troubles.look(lane, trouble, List.of("sick", "chat"), time.now())).isEmpty();
        var restarted = new Troubles(store, outbox, "dc1");
        assertThat(restarted.look(lane, trouble, List.of("sick", "chat", "mail"), time.now())).isEmpty();
        assertThat(restarted.look(lane, new Health.Open(), List.of("sick", "chat"), time.now())).isEmpty();
        assertThat(restarted.look(lane, new Health.Good(), List.of("sick", "chat", "mail"), time.now())).containsExactly("chat");

        List<NoticeView> log = Logs.of(outbox::find, "chat").reversed();
        assertThat(log).extracting(NoticeView::kind).containsExactly("firing", "resolved");
        assertThat(log.getFirst().alert().message()).isEqualTo("channel sick has taken nothing for 20m; 12 notices wait");
        assertThat(Logs.of(outbox::find, "mail")).isEmpty();
    }
}
