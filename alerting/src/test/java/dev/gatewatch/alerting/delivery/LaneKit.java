package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.NoticeView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lanes over a real store, in time that a test lets pass. */
final class LaneKit implements AutoCloseable {
    final FakeTime time = new FakeTime();
    final TestStore store;
    final Outbox outbox;

    LaneKit(Path folder) {
        store = new TestStore(folder);
        outbox = new Outbox(store);
    }

    MessengerLane lane(FakeMessenger messenger) {
        return lane("ops", messenger, Optional.empty());
    }

    MessengerLane lane(String name, Messenger messenger, Optional<Rate> rate) {
        // the greatest draw there is: waits are as long as they can be
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), new LongestDraw());
        return new MessengerLane(
                new NamedChannel(name, "fake", messenger, rate), messenger, outbox, time, backoff, DeliveryMetrics.NONE);
    }

    /** Alerts that are told together through channel {@code ops}. */
    void write(String group, int firing, AlertView... alerts) {
        writeTo("ops", group, firing, alerts);
    }

    void writeTo(String channel, String group, int firing, AlertView... alerts) {
        List<Outbox.Entry> entries = Arrays.stream(alerts)
                .map(alert -> {
                    Kind kind = alert.state() == State.RESOLVED ? Kind.RESOLVED : Kind.FIRING;
                    return new Outbox.Entry(new Telling(channel, kind, alert, new Notice.Group(group, "probe " + group, firing), ""), "");
                })
                .toList();
        store.write(tx -> {
            outbox.insert(tx, entries, time.now());
            return true;
        });
    }

    /** Steps until nothing is due now; answers how long nothing will be. */
    Duration settle(MessengerLane lane) throws InterruptedException {
        Duration wait = lane.step();
        while (wait.isZero()) {
            wait = lane.step();
        }
        return wait;
    }

    /** Lets time pass until nothing waits. */
    void drain(MessengerLane lane) throws InterruptedException {
        for (Duration wait = settle(lane); !wait.equals(Lane.UNTIL_WOKEN); wait = settle(lane)) {
            time.pass(wait);
        }
    }

    List<NoticeView.State> states() {
        return Logs.all(outbox::find).reversed().stream().map(NoticeView::state).toList();
    }

    @Override
    public void close() {
        store.close();
    }
}
