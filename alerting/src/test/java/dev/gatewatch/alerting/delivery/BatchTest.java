package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.alerting.channel.support.AlertSamples.resolved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.view.AlertView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes one message. */
class BatchTest {
    @TempDir
    Path folder;

    private LaneKit kit;

    @BeforeEach
    void open() {
        kit = new LaneKit(folder);
    }

    @AfterEach
    void close() {
        kit.close();
    }

    private static AlertView[] many(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> firing(prefix + i)).toArray(AlertView[]::new);
    }

    private static AlertView[] ended(AlertView... alerts) {
        return java.util.Arrays.stream(alerts).map(a -> resolved(a)).toArray(AlertView[]::new);
    }

    private static List<String> said(FakeMessenger receiver) {
        return receiver.messages.stream()
                .map(m -> m.size() + " of " + m.stream().map(n -> n.group().key()).distinct().sorted().toList() + ", firing "
                        + m.getLast().group().firing())
                .toList();
    }

    @Test
    void whatWasDecidedTogetherIsOneMessageAndFewOfThemStayApart() throws Exception {
        var chat = new FakeMessenger(100, Duration.ZERO);
        kit.write("g1", 3, many("a", 3));
        kit.write("g2", 2, many("b", 2));

        kit.settle(kit.lane(chat));

        assertThat(said(chat)).containsExactly("3 of [g1], firing 3", "2 of [g2], firing 2");
        assertThat(chat.notices()).extracting(n -> n.group().title()).contains("probe g1", "probe g2");
    }

    @Test
    void whenTheQueueHasGrownAllOfItIsOneDigest() throws Exception {
        var chat = new FakeMessenger(100, Duration.ofSeconds(1));
        IntStream.range(0, 30).forEach(i -> kit.write("g" + i, 1, firing("a" + i)));

        kit.drain(kit.lane(chat));

        assertThat(chat.messages).hasSize(1);
        assertThat(chat.notices()).extracting(n -> n.alert().id()).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void aReceiverOfGroupsGetsAMessageAGroupWithAllThatWaits() throws Exception {
        var pager = new FakeMessenger(100, Duration.ZERO).oneGroupAMessage();
        kit.write("g1", 2, many("a", 2));
        kit.write("g2", 1, firing("b"));
        kit.write("g1", 1, resolved(firing("a0")));
        kit.write("g2", 0, resolved(firing("b")));

        kit.settle(kit.lane(pager));

        assertThat(said(pager)).containsExactly("3 of [g1], firing 1", "2 of [g2], firing 0");
    }

    /** A receiver that closes its incident when nothing fires must not do so before the last end. */
    @Test
    void aMessageThatTakesPartOfABatchSaysHowManyFireAfterItself() throws Exception {
        var chat = new FakeMessenger(1_000, Duration.ZERO).fitting(40);
        AlertView[] alerts = many("a", 100);
        kit.write("g1", 100, alerts);
        MessengerLane lane = kit.lane(chat);
        kit.settle(lane);
        kit.write("g1", 0, ended(alerts));
        kit.settle(lane);

        assertThat(said(chat))
                .containsExactly(
                        "40 of [g1], firing 40",
                        "40 of [g1], firing 80",
                        "20 of [g1], firing 100",
                        "40 of [g1], firing 60",
                        "40 of [g1], firing 20",
                        "20 of [g1], firing 0");
        assertThat(chat.notices()).extracting(Notice::id).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void tenThousandAreNamedInAsFewMessagesAsTheyFitInto() throws Exception {
        var chat = new FakeMessenger(1_000, Duration.ofSeconds(1));
        kit.write("storm-1", 10_000, many("a", 10_000));

        kit.drain(kit.lane(chat));

        assertThat(chat.messages).hasSize(10);
        assertThat(chat.notices()).extracting(n -> n.alert().id()).hasSize(10_000).doesNotHaveDuplicates();
        assertThat(chat.messages.getLast().getLast().group().firing()).isEqualTo(10_000);
    }

    @Test
    void whatMayHaveArrivedIsNotMixedWithWhatIsNew() throws Exception {
        var chat = new FakeMessenger(100, Duration.ZERO).then(_ -> {
            throw new InterruptedException("the daemon ends");
        });
        kit.write("g1", 2, many("a", 2));
        assertThatThrownBy(() -> kit.settle(kit.lane(chat))).isInstanceOf(InterruptedException.class);
        IntStream.range(0, 5).forEach(i -> kit.write("h" + i, 1, firing("b" + i)));

        kit.drain(kit.lane(chat));

        assertThat(chat.messages.stream().map(List::size)).containsExactly(2, 2, 5);
        assertThat(chat.messages.get(1)).allMatch(Notice::mayRepeat);
        assertThat(chat.messages.get(2)).noneMatch(Notice::mayRepeat);
    }

    @Test
    void aRateIsKeptInAnyStretchOfTimeAndOverARestart() throws Exception {
        var rate = Optional.of(new Rate(3, Duration.ofMinutes(1)));
        var sent = new ArrayList<Instant>();
        var chat = new FakeMessenger(1, Duration.ZERO).always(_ -> {
            sent.add(kit.time.now());
            kit.time.pass(Duration.ofMillis(20));
            return new Delivery.Delivered();
        });
        IntStream.range(0, 8).forEach(i -> kit.write("g" + i, 1, firing("a" + i)));

        kit.settle(kit.lane("ops", chat, rate));
        assertThat(sent).hasSize(3);
        kit.time.pass(Duration.ofSeconds(30));
        kit.drain(kit.lane("ops", chat, rate));

        assertThat(sent).hasSize(8);
        for (int i = 3; i < sent.size(); i++) {
            assertThat(Duration.between(sent.get(i - 3), sent.get(i))).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
        }
        assertThat(Duration.between(sent.getFirst(), sent.getLast())).isLessThan(Duration.ofMinutes(3));
    }

    @Test
    void whatWaitsForTheRateIsToldTogether() throws Exception {
        var chat = new FakeMessenger(100, Duration.ZERO);
        MessengerLane lane = kit.lane("ops", chat, Optional.of(new Rate(1, Duration.ofMinutes(1))));
        for (int i = 0; i < 60; i++) {
            kit.write("g" + i, 1, firing("a" + i));
            kit.settle(lane);
            kit.time.pass(Duration.ofSeconds(1));
        }
        kit.drain(lane);

        assertThat(chat.messages.stream().map(List::size)).containsExactly(1, 59);
    }

    @Test
    void aReminderCountsAsABeginningForTheEnd() throws Exception {
        var chat = new FakeMessenger().then(new Delivery.Refused("HTTP 400"));
        AlertView alert = firing("a");
        kit.write("g1", 1, alert);
        var group = new Notice.Group("g1", "", 1);
        kit.store.write(tx -> {
            kit.outbox.insert(
                    tx, new dev.gatewatch.alerting.route.Telling("ops", Notice.Kind.REMINDER, alert, group, ""), kit.time.now());
            return true;
        });
        kit.write("g1", 0, resolved(alert));

        kit.drain(kit.lane(chat));

        assertThat(chat.notices())
                .extracting(Notice::kind)
                .containsExactly(Notice.Kind.FIRING, Notice.Kind.REMINDER, Notice.Kind.RESOLVED);
    }
}
