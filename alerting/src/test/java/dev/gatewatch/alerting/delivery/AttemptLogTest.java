package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.alerting.channel.support.AlertSamples.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.store.StoreException;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeLog.Query;
import dev.gatewatch.view.NoticeLog.Told;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.Attempt;
import dev.gatewatch.view.NoticeView.Outcome;
import dev.gatewatch.view.NoticeView.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of each attempt to deliver a notice. */
class AttemptLogTest {
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

    private NoticeView notice(long id) {
        return kit.outbox.find(Query.newest(100)).stream().filter(n -> n.id() == id).findFirst().orElseThrow();
    }

    private static Delivery.Retry failing(String reason) {
        return new Delivery.Retry(reason, Optional.empty());
    }

    @Test
    void eachAttemptSaysWhenHowLongWhatWasSaidAndWhatCameNext() throws Exception {
        var receiver = new FakeMessenger()
                .then(_ -> {
                    kit.time.pass(Duration.ofMillis(1_250));
                    return new Delivery.Retry("HTTP 429 from https://hooks.example.com", Optional.of(Duration.ofSeconds(7)));
                })
                .then(_ -> {
                    kit.time.pass(Duration.ofMillis(80));
                    return new Delivery.Delivered();
                });
        var lane = kit.lane(receiver);
        kit.write("g", 1, firing("a"));
        var begun = kit.time.now();

        kit.drain(lane);

        // the greatest draw adds 999 ms to what was asked for
        var again = begun.plusMillis(1_250 + 7_000 + 999);
        assertThat(notice(1).state()).isEqualTo(State.SENT);
        assertThat(notice(1).log())
                .containsExactly(
                        new Attempt(1, begun, Duration.ofMillis(1_250), Outcome.RETRY, "HTTP 429 from https://hooks.example.com", Optional.of(again)),
                        new Attempt(2, again, Duration.ofMillis(80), Outcome.DELIVERED, "", Optional.empty()));
    }

    @Test
    void whatIsGivenUpAndWhatWaitsForAPersonSayTheReason() throws Exception {
        var receiver = new FakeMessenger().then(new Delivery.Refused("HTTP 400"), new Delivery.Broken("HTTP 403: invalid_token"));
        var lane = kit.lane(receiver);
        kit.write("a", 1, firing("a"));
        kit.write("b", 1, firing("b"));

        kit.settle(lane);

        assertThat(notice(1).state()).isEqualTo(State.DEAD);
        assertThat(notice(1).log()).extracting(Attempt::outcome, Attempt::nextAt).containsExactly(Assertions.tuple(Outcome.REFUSED, Optional.empty()));
        assertThat(notice(2).log())
                .extracting(Attempt::outcome, Attempt::said, Attempt::nextAt)
                .containsExactly(Assertions.tuple(
                        Outcome.BROKEN, "HTTP 403: invalid_token", Optional.of(kit.time.now().plus(MessengerLane.BROKEN_PAUSE))));
    }

    @Test
    void eachNoticeOfAMessageHasTheMessagesAttempts() throws Exception {
        var receiver = new FakeMessenger(10, Duration.ZERO).then(failing("HTTP 500"));
        var lane = kit.lane(receiver);
        kit.write("g", 3, firing("a"), firing("b"), firing("c"));

        kit.drain(lane);

        assertThat(receiver.messages).hasSize(2);
        assertThat(kit.outbox.find(Query.newest(10)))
                .hasSize(3)
                .allSatisfy(n -> assertThat(n.log()).extracting(Attempt::outcome).containsExactly(Outcome.RETRY, Outcome.DELIVERED));
    }

    @Test
    void anAttemptThatTheDaemonsEndCutOffIsKeptAsSuch() throws Exception {
        kit.write("g", 1, firing("a"));
        kit.outbox.sending(List.of(1L), kit.time.now());
        assertThat(notice(1).log()).extracting(Attempt::outcome).containsExactly(Outcome.GOING);

        kit.drain(kit.lane(new FakeMessenger()));

        assertThat(notice(1).log())
                .extracting(Attempt::number, Attempt::outcome)
                .containsExactly(Assertions.tuple(1, Outcome.CUT_OFF), Assertions.tuple(2, Outcome.DELIVERED));
        assertThat(notice(1).log().getFirst().said()).isEqualTo("the daemon ended before the answer was known");
    }

    @Test
    void anAttemptCutOffForGoodDoesNotGoOnForEver() {
        kit.write("g", 1, firing("a"));
        kit.outbox.sending(List.of(1L), kit.time.now());
        kit.outbox.buryOthers(Set.of(), kit.time.now(), "its channel is no longer configured");

        assertThat(notice(1).log()).extracting(Attempt::outcome).containsExactly(Outcome.CUT_OFF);
    }

    @Test
    void ofVeryManyAttemptsTheFirstAndTheLatestAreKept() throws Exception {
        var receiver = new FakeMessenger().then(failing("the first")).always(_ -> failing("HTTP 503"));
        var lane = kit.lane(receiver);
        kit.write("g", 1, firing("a"));
        while (receiver.messages.size() < 200) {
            kit.time.pass(kit.settle(lane));
        }

        NoticeView stuck = notice(1);
        assertThat(stuck.attempts()).isEqualTo(200);
        assertThat(stuck.log()).hasSize(1 + AttemptLog.LATEST);
        assertThat(stuck.log().getFirst().said()).isEqualTo("the first");
        assertThat(stuck.log()).extracting(Attempt::number).isSorted().endsWith(199, 200);
    }

    @Test
    void attemptsGoWithTheirNotices() {
        kit.write("g", 1, firing("a"));
        kit.write("g", 0, resolved(firing("a")));
        kit.write("h", 1, firing("newest"));
        kit.outbox.sending(List.of(1L, 2L), kit.time.now());
        kit.outbox.sent(List.of(1L, 2L), kit.time.now(), new AttemptLog.End(Outcome.DELIVERED, Duration.ZERO, ""));
        kit.outbox.prune(kit.time.now().plus(Duration.ofDays(8)));

        int left = kit.store.read(handle ->
                handle.createQuery("SELECT COUNT(*) FROM notice_attempt").mapTo(Integer.class).one());
        assertThat(left).isZero();
    }

    @Test
    void theLogCostsNoTransactionOfItsOwn() throws Exception {
        kit.write("g", 1, firing("a"));
        var lane = kit.lane(new FakeMessenger().then(failing("HTTP 500")));
        lane.step(); // prunes, which is a transaction an hour

        kit.time.pass(Duration.ofSeconds(1));
        kit.store.failAfter(2); // one that marks the notice before the attempt, one that writes its end
        lane.step();
        kit.store.work();

        assertThat(notice(1).log()).extracting(Attempt::outcome).containsExactly(Outcome.RETRY, Outcome.DELIVERED);
    }

    @Test
    void anEndThatTheStoreDidNotTakeIsWrittenOnceItDoes() throws Exception {
        kit.write("g", 1, firing("a"));
        var lane = kit.lane(new FakeMessenger());
        kit.store.failAfter(2); // prune and the mark before the attempt
        Assertions.assertThatExceptionOfType(StoreException.class).isThrownBy(lane::step);
        assertThat(notice(1).log()).extracting(Attempt::outcome).containsExactly(Outcome.GOING);
        kit.store.work();

        kit.drain(lane);

        assertThat(notice(1).log()).extracting(Attempt::outcome).containsExactly(Outcome.DELIVERED);
    }

    @Test
    void theLogIsAskedForByChannelAlertAndStatePageByPage() throws Exception {
        var receiver = new FakeMessenger().then(new Delivery.Refused("HTTP 400"));
        kit.write("a", 1, firing("a"));
        kit.write("b", 1, firing("b"));
        kit.write("a", 0, resolved(firing("a")));
        kit.settle(kit.lane(receiver)); // the first is refused, so its end is not told
        kit.write("c", 1, firing("c"));

        assertThat(ids(new Query(Optional.of("ops"), Optional.empty(), Set.of(State.SENT), Long.MAX_VALUE, 10))).containsExactly(2L);
        assertThat(ids(new Query(Optional.empty(), Optional.of("a"), Set.of(State.values()), Long.MAX_VALUE, 10))).containsExactly(3L, 1L);
        assertThat(ids(new Query(Optional.empty(), Optional.empty(), Set.of(State.QUEUED, State.SENDING), Long.MAX_VALUE, 10))).containsExactly(4L);
        assertThat(ids(new Query(Optional.empty(), Optional.empty(), Set.of(State.values()), 4, 2))).containsExactly(3L, 2L);
        assertThat(ids(new Query(Optional.of("other"), Optional.empty(), Set.of(State.values()), Long.MAX_VALUE, 10))).isEmpty();
    }

    private List<Long> ids(Query query) {
        return kit.outbox.find(query).stream().map(NoticeView::id).toList();
    }

    @Test
    void anAlertKnowsWhoWasToldOfIt() throws Exception {
        var receiver = new FakeMessenger().then(failing("HTTP 500"), failing("HTTP 500"));
        AlertView alert = firing("a");
        kit.write("g", 1, alert);
        var lane = kit.lane(receiver);
        kit.settle(lane);

        Told waiting = kit.outbox.told(List.of("a", "b")).getFirst();
        assertThat(waiting.state()).isEqualTo(State.QUEUED);
        assertThat(waiting.at()).isEqualTo(kit.time.now().plusSeconds(1));
        assertThat(waiting.lastError()).isEqualTo("HTTP 500");

        kit.drain(lane);
        var at = kit.time.now();
        kit.time.pass(Duration.ofHours(1));
        kit.write("g", 1, alert); // got worse; when it was told first counts
        kit.write("g", 0, resolved(alert));

        assertThat(kit.outbox.told(List.of("a"))).containsExactly(new Told("a", "ops", State.SENT, 3, at, ""));
        assertThat(kit.outbox.told(List.of())).isEmpty();
    }
}
