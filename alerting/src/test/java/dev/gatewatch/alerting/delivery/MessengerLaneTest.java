package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.alerting.channel.support.AlertSamples.resolved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.store.StoreException;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessengerLaneTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final FakeTime time = new FakeTime();
    private final FakeMessenger receiver = new FakeMessenger();
    private TestStore store;
    private Outbox outbox;

    @BeforeEach
    void open() {
        store = new TestStore(folder);
        outbox = new Outbox(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private MessengerLane lane(FakeMessenger messenger) {
        // the greatest draw there is: waits are as long as they can be
        var backoff = new Backoff(SECOND, Duration.ofMinutes(5), new LongestDraw());
        return new MessengerLane(
                new NamedChannel("ops", "fake", messenger), messenger, outbox, time, backoff, DeliveryMetrics.NONE);
    }

    private void write(AlertView alert) {
        Kind kind = alert.state() == AlertView.State.RESOLVED ? Kind.RESOLVED : Kind.FIRING;
        store.write(tx -> {
            outbox.insert(tx, Tellings.of("ops", kind, alert), time.now());
            return true;
        });
    }

    /** Steps until nothing is due now; answers how long nothing will be. */
    private static Duration settle(MessengerLane lane) throws InterruptedException {
        Duration wait = lane.step();
        while (wait.isZero()) {
            wait = lane.step();
        }
        return wait;
    }

    private List<State> states() {
        return Logs.all(outbox::find).reversed().stream().map(NoticeView::state).toList();
    }

    private static List<String> told(FakeMessenger messenger) {
        return messenger.notices().stream().map(n -> n.alert().id() + " " + n.kind()).toList();
    }

    @Test
    void noticesGoOutOnceInTheOrderTheyWereWritten() throws Exception {
        write(firing("a"));
        write(firing("b"));
        write(resolved(firing("a")));
        MessengerLane lane = lane(receiver);

        assertThat(settle(lane)).isEqualTo(Lane.UNTIL_WOKEN);
        assertThat(settle(lane)).isEqualTo(Lane.UNTIL_WOKEN);

        assertThat(told(receiver)).containsExactly("a FIRING", "b FIRING", "a RESOLVED");
        assertThat(receiver.notices()).noneMatch(Notice::mayRepeat);
        assertThat(states()).containsOnly(State.SENT);
        assertThat(lane.view().delivered()).isEqualTo(3);
        assertThat(lane.view().queued()).isZero();
    }

    @Test
    void aNoticeThatHasToBeTriedAgainHoldsUpThoseBehindIt() throws Exception {
        receiver.then(new Delivery.Retry("HTTP 500", Optional.empty()), new Delivery.Retry("HTTP 500", Optional.empty()));
        write(firing("a"));
        write(resolved(firing("a")));
        MessengerLane lane = lane(receiver);

        assertThat(settle(lane)).isEqualTo(SECOND);
        assertThat(told(receiver)).containsExactly("a FIRING");
        assertThat(lane.view().lastError()).isEqualTo("HTTP 500");
        assertThat(lane.view().queued()).isEqualTo(2);

        time.pass(SECOND.minusMillis(1));
        assertThat(settle(lane)).isEqualTo(Duration.ofMillis(1));
        time.pass(Duration.ofMillis(1));
        assertThat(settle(lane)).isEqualTo(SECOND.multipliedBy(2));
        time.pass(SECOND.multipliedBy(2));
        settle(lane);

        assertThat(told(receiver)).containsExactly("a FIRING", "a FIRING", "a FIRING", "a RESOLVED");
        assertThat(receiver.notices()).noneMatch(Notice::mayRepeat);
        assertThat(lane.view().lastError()).isEmpty();
    }

    @Test
    void aReceiversWishToWaitIsKept() throws Exception {
        receiver.then(new Delivery.Retry("HTTP 429", Optional.of(Duration.ofSeconds(7))));
        write(firing("a"));
        MessengerLane lane = lane(receiver);

        Duration wait = settle(lane);

        assertThat(wait).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
        time.pass(Duration.ofMillis(6_999));
        settle(lane);
        assertThat(receiver.messages).hasSize(1);
        time.pass(SECOND);
        settle(lane);
        assertThat(receiver.messages).hasSize(2);
    }

    @Test
    void aReceiversWishToWaitOutlivesARestart() throws Exception {
        receiver.then(new Delivery.Retry("HTTP 429", Optional.of(Duration.ofSeconds(7))));
        write(firing("a"));
        settle(lane(receiver));
        time.pass(Duration.ofSeconds(2));

        MessengerLane restarted = lane(receiver);
        Duration wait = settle(restarted);

        assertThat(wait).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
        time.pass(wait);
        settle(restarted);
        assertThat(receiver.messages).hasSize(2);
    }

    @Test
    void aStepOfTheWallClockStallsNothing() throws Exception {
        receiver.then(new Delivery.Retry("HTTP 500", Optional.empty()));
        write(firing("a"));
        MessengerLane lane = lane(receiver);
        settle(lane);

        time.stepWallClock(Duration.ofHours(-1));
        time.pass(SECOND);
        settle(lane);

        assertThat(states()).containsExactly(State.SENT);
    }

    @Test
    void aRefusedNoticeIsGivenUpAndTheOthersGoOn() throws Exception {
        receiver.then(new Delivery.Refused("HTTP 400: invalid_blocks"));
        write(firing("a"));
        write(firing("b"));
        MessengerLane lane = lane(receiver);

        settle(lane);

        assertThat(states()).containsExactly(State.DEAD, State.SENT);
        assertThat(Logs.all(outbox::find).getLast().lastError()).isEqualTo("HTTP 400: invalid_blocks");
        assertThat(lane.view().dead()).isEqualTo(1);
    }

    @Test
    void aResolveDoesNotGoWithoutItsFiring() throws Exception {
        receiver.then(new Delivery.Refused("HTTP 400"));
        write(firing("a"));
        write(resolved(firing("a")));
        write(firing("b"));

        settle(lane(receiver));

        assertThat(told(receiver)).containsExactly("a FIRING", "b FIRING");
        assertThat(states()).containsExactly(State.DEAD, State.DEAD, State.SENT);
        assertThat(Logs.all(outbox::find).get(1).lastError()).contains("its beginning was given up");
    }

    @Test
    void aResolveGoesWhenAnyFiringBeforeItArrived() throws Exception {
        receiver.then(new Delivery.Delivered(), new Delivery.Refused("HTTP 400"));
        write(firing("a"));
        write(firing("a"));
        write(resolved(firing("a")));

        settle(lane(receiver));

        assertThat(told(receiver)).containsExactly("a FIRING", "a FIRING", "a RESOLVED");
        assertThat(states()).containsExactly(State.SENT, State.DEAD, State.SENT);
    }

    @Test
    void whatQueuesUpGoesInOneMessageThatNamesAll() throws Exception {
        var chat = new FakeMessenger(40, SECOND);
        IntStream.range(0, 30).forEach(i -> write(firing("a" + i)));

        settle(lane(chat));

        assertThat(chat.messages).hasSize(1);
        assertThat(chat.ids()).hasSize(30).isSorted();
    }

    @Test
    void messagesKeepTheirDistance() throws Exception {
        var chat = new FakeMessenger(1, SECOND);
        IntStream.range(0, 3).forEach(i -> write(firing("a" + i)));
        MessengerLane lane = lane(chat);

        var sent = new ArrayList<Integer>();
        for (int i = 0; i < 6; i++) {
            settle(lane);
            sent.add(chat.messages.size());
            time.pass(Duration.ofMillis(500));
        }

        assertThat(sent).containsExactly(1, 1, 2, 2, 3, 3);
    }

    @Test
    void aRefusedBatchIsTriedOneByOneSoThatOnlyTheSpoilerIsLost() throws Exception {
        var chat = new FakeMessenger(40, Duration.ZERO)
                .always(notices -> notices.stream().anyMatch(n -> n.alert().id().equals("a2"))
                        ? new Delivery.Refused("HTTP 400")
                        : new Delivery.Delivered());
        IntStream.range(0, 5).forEach(i -> write(firing("a" + i)));
        MessengerLane lane = lane(chat);

        settle(lane);
        write(firing("later1"));
        write(firing("later2"));
        write(firing("later3"));
        settle(lane);

        assertThat(states())
                .containsExactly(
                        State.SENT, State.SENT, State.DEAD, State.SENT, State.SENT, State.SENT, State.SENT, State.SENT);
        assertThat(chat.messages.stream().map(List::size)).containsExactly(5, 1, 1, 1, 1, 1, 3);
        assertThat(chat.notices()).noneMatch(Notice::mayRepeat);
    }

    @Test
    void aBrokenChannelKeepsItsNoticesAndIsTriedEveryFiveMinutes() throws Exception {
        receiver.then(new Delivery.Broken("HTTP 403: invalid_token"), new Delivery.Broken("HTTP 403: invalid_token"));
        write(firing("a"));
        MessengerLane lane = lane(receiver);

        assertThat(settle(lane)).isEqualTo(MessengerLane.BROKEN_PAUSE);
        assertThat(lane.view().lastError()).isEqualTo("HTTP 403: invalid_token");
        assertThat(lane.view().queued()).isEqualTo(1);
        time.pass(MessengerLane.BROKEN_PAUSE);
        assertThat(settle(lane)).isEqualTo(MessengerLane.BROKEN_PAUSE);
        time.pass(MessengerLane.BROKEN_PAUSE);
        settle(lane);

        assertThat(states()).containsExactly(State.SENT);
        assertThat(lane.view().lastError()).isEmpty();
    }

    @Test
    void aNoticeCutOffByTheDaemonsEndIsSentAgainAndSaysSo() throws Exception {
        receiver.then(_ -> {
            throw new InterruptedException("the daemon ends");
        });
        write(firing("a"));
        write(firing("b"));
        assertThatThrownBy(() -> settle(lane(receiver))).isInstanceOf(InterruptedException.class);
        assertThat(states()).containsExactly(State.SENDING, State.QUEUED);

        settle(lane(receiver));

        assertThat(receiver.notices().stream().map(Notice::mayRepeat)).containsExactly(false, true, false);
        assertThat(states()).containsOnly(State.SENT);
    }

    @Test
    void aLostAnswerMakesTheNextAttemptSayThatItMayBeARepeat() throws Exception {
        receiver.then(
                new Delivery.Retry("no answer", Optional.empty(), true), new Delivery.Retry("HTTP 500", Optional.empty()));
        write(firing("a"));
        MessengerLane lane = lane(receiver);

        time.pass(settle(lane));
        time.pass(settle(lane));
        settle(lane);

        assertThat(receiver.notices().stream().map(Notice::mayRepeat)).containsExactly(false, true, true);
    }

    @Test
    void whatArrivedIsNotRepeatedBecauseTheStoreFailed() throws Exception {
        write(firing("a"));
        MessengerLane lane = lane(receiver);
        settle(lane);
        write(firing("b"));
        store.failAfter(1); // "sending" can be written, "sent" cannot

        assertThatThrownBy(() -> settle(lane)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> settle(lane)).isInstanceOf(StoreException.class);
        store.work();
        settle(lane);

        assertThat(told(receiver)).containsExactly("a FIRING", "b FIRING");
        assertThat(states()).containsOnly(State.SENT);
    }

    @Test
    void aFaultInAChannelCostsOneNoticeOnly() throws Exception {
        receiver.then(_ -> {
            throw new IllegalStateException("a bug with a s3cr3t");
        });
        write(firing("a"));
        write(firing("b"));

        settle(lane(receiver));

        assertThat(states()).containsExactly(State.DEAD, State.SENT);
        assertThat(Logs.all(outbox::find).getLast().lastError()).contains("a fault").doesNotContain("s3cr3t");
    }

    @Test
    void aMendedChannelIsTriedAtOnce() throws Exception {
        receiver.then(new Delivery.Broken("HTTP 403"));
        write(firing("a"));
        MessengerLane lane = lane(receiver);
        settle(lane);
        var mended = new FakeMessenger();

        lane.replaceWith(new NamedChannel("ops", "fake", mended));
        settle(lane);

        assertThat(told(mended)).containsExactly("a FIRING");
        assertThat(receiver.isClosed()).isTrue();
        assertThat(mended.isClosed()).isFalse();
    }

    @Test
    void aReceiversWishToWaitOutlivesAReload() throws Exception {
        receiver.then(new Delivery.Retry("HTTP 429", Optional.of(Duration.ofSeconds(7))));
        write(firing("a"));
        MessengerLane lane = lane(receiver);
        settle(lane);
        var next = new FakeMessenger();

        lane.replaceWith(new NamedChannel("ops", "fake", next));
        Duration wait = settle(lane);
        assertThat(next.messages).isEmpty();
        time.pass(wait);
        settle(lane);

        assertThat(told(next)).containsExactly("a FIRING");
    }

    @Test
    void oneNoticeThatAReceiverFailsAtForEverDoesNotSilenceTheRest() throws Exception {
        var chat = new FakeMessenger(40, SECOND)
                .always(notices -> notices.stream().anyMatch(n -> n.alert().id().equals("poison"))
                        ? new Delivery.Retry("HTTP 500", Optional.empty())
                        : new Delivery.Delivered());
        write(firing("poison"));
        write(firing("a"));
        write(resolved(firing("poison")));
        write(resolved(firing("a")));
        write(firing("b"));
        MessengerLane lane = lane(chat);
        Instant start = time.now();

        for (Duration wait = lane.step(); !wait.equals(Lane.UNTIL_WOKEN); wait = lane.step()) {
            time.pass(wait);
        }

        assertThat(states()).containsExactly(State.DEAD, State.SENT, State.DEAD, State.SENT, State.SENT);
        assertThat(Logs.all(outbox::find).getLast().lastError()).contains("takes others", "HTTP 500");
        assertThat(Duration.between(start, time.now())).isLessThan(Duration.ofMinutes(10));
        assertThat(lane.view().queued()).isZero();
    }

    @Test
    void aReceiverThatComesAndGoesCostsNoNotice() throws Exception {
        // down for eight attempts, there for one, down again: only a notice that fails after every scout is at fault
        var chat = new FakeMessenger();
        for (int time = 0; time < 2; time++) {
            IntStream.range(0, 8).forEach(i -> chat.then(new Delivery.Retry("refused", Optional.empty())));
            chat.then(new Delivery.Delivered());
        }
        IntStream.range(0, 4).forEach(i -> write(firing("a" + i)));
        MessengerLane lane = lane(chat);
        for (Duration wait = lane.step(); !wait.equals(Lane.UNTIL_WOKEN); wait = lane.step()) {
            time.pass(wait);
        }

        assertThat(states()).containsOnly(State.SENT);
    }

    @Test
    void afterALongOutageNothingIsGivenUp() throws Exception {
        for (int failures = 1; failures < 25; failures++) {
            int last = failures;
            var chat = new FakeMessenger(2, SECOND);
            IntStream.range(0, last).forEach(i -> chat.then(new Delivery.Retry("HTTP 500", Optional.empty())));
            write(firing("a" + last));
            write(resolved(firing("a" + last)));
            write(firing("b" + last));
            write(resolved(firing("b" + last)));
            MessengerLane lane = lane(chat);
            for (Duration wait = lane.step(); !wait.equals(Lane.UNTIL_WOKEN); wait = lane.step()) {
                time.pass(wait);
            }

            assertThat(states()).containsOnly(State.SENT);
            List<String> arrived = told(chat);
            for (String alert : List.of("a" + last, "b" + last)) {
                assertThat(arrived.indexOf(alert + " FIRING")).isLessThan(arrived.indexOf(alert + " RESOLVED"));
            }
        }
    }

    /** Fifty lives of a daemon, each ended at a random moment of its work. */
    @Test
    void whateverTheMomentOfAKillNothingIsLostAndNothingIsToldAsNewTwice() throws Exception {
        var random = new Random(7);
        var received = new ArrayList<Notice>();
        final class Killed extends Error {
            private static final long serialVersionUID = 1L;
        }
        int written = 0;
        for (int life = 0; life < 50; life++) {
            var chat = new FakeMessenger(1 + random.nextInt(4), Duration.ZERO).always(notices -> {
                if (random.nextInt(4) == 0) {
                    throw new Killed(); // before it arrived
                }
                received.addAll(notices);
                if (random.nextInt(4) == 0) {
                    throw new Killed(); // before we knew
                }
                return random.nextInt(5) == 0
                        ? new Delivery.Retry("the answer was lost", Optional.empty(), true)
                        : new Delivery.Delivered();
            });
            MessengerLane lane = lane(chat);
            try {
                for (int i = 0; i < 3; i++) {
                    write(firing("a" + ++written));
                    time.pass(settle(lane));
                }
            } catch (Killed _) {
                // the next life goes on from the store
            }
        }
        settle(lane(new FakeMessenger().always(notices -> {
            received.addAll(notices);
            return new Delivery.Delivered();
        })));

        List<Long> firsts = received.stream().map(Notice::id).distinct().toList();
        List<Long> asNew = received.stream().filter(n -> !n.mayRepeat()).map(Notice::id).toList();
        assertThat(firsts).isEqualTo(IntStream.rangeClosed(1, written).mapToObj(Long::valueOf).toList());
        assertThat(asNew).doesNotHaveDuplicates();
        assertThat(received.size()).as("kills did happen").isGreaterThan(written + 10);
        assertThat(states()).containsOnly(State.SENT);
    }

    @Test
    void anHourOfFailuresMeansAnAttemptEveryFiveMinutes() throws Exception {
        receiver.always(_ -> new Delivery.Retry("HTTP 500", Optional.empty()));
        write(firing("a"));
        MessengerLane lane = lane(receiver);
        Instant end = time.now().plus(Duration.ofHours(1));
        Duration longest = Duration.ZERO;
        int attempts = 0;
        while (time.now().isBefore(end)) {
            Duration wait = settle(lane);
            attempts++;
            longest = wait.compareTo(longest) > 0 ? wait : longest;
            time.pass(wait);
        }

        assertThat(longest).isEqualTo(Duration.ofMinutes(5));
        assertThat(attempts).isBetween(15, 25);
        assertThat(Logs.all(outbox::find).getFirst().attempts()).isEqualTo(attempts);
    }
}
