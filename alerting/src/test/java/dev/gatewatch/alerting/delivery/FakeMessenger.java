package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A receiver that does as it is told and remembers what it got. Safe for many threads. */
final class FakeMessenger implements Channel.Messenger {
    /** What it was sent, message by message, whether it took it or not. */
    final List<List<Notice>> messages = Collections.synchronizedList(new ArrayList<>());

    final CountDownLatch reached = new CountDownLatch(1);

    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final int mostAtOnce;
    private final Duration spacing;
    private volatile Answer otherwise = _ -> new Delivery.Delivered();
    private volatile boolean closed;
    private volatile boolean mixes = true;
    private volatile int fitting = Integer.MAX_VALUE;

    FakeMessenger() {
        this(1, Duration.ZERO);
    }

    FakeMessenger(int mostAtOnce, Duration spacing) {
        this.mostAtOnce = mostAtOnce;
        this.spacing = spacing;
    }

    /** How it answers a message. */
    interface Answer {
        Delivery to(List<Notice> notices) throws InterruptedException;
    }

    FakeMessenger then(Delivery... deliveries) {
        for (Delivery delivery : deliveries) {
            script.add(_ -> delivery);
        }
        return this;
    }

    FakeMessenger then(Answer answer) {
        script.add(answer);
        return this;
    }

    FakeMessenger always(Answer answer) {
        otherwise = answer;
        return this;
    }

    /** Wants messages about one group each. */
    FakeMessenger oneGroupAMessage() {
        mixes = false;
        return this;
    }

    /** Names that are so long that no more than these fit. */
    FakeMessenger fitting(int most) {
        fitting = most;
        return this;
    }

    @Override
    public boolean mixesGroups() {
        return mixes;
    }

    @Override
    public int fitting(List<Notice> notices) {
        return Math.min(notices.size(), fitting);
    }

    /** Hangs until it is interrupted. */
    FakeMessenger hanging() {
        return always(_ -> {
            new CountDownLatch(1).await();
            throw new AssertionError("nobody counts down");
        });
    }

    @Override
    public Delivery send(List<Notice> notices) throws InterruptedException {
        messages.add(List.copyOf(notices));
        reached.countDown();
        Answer next = script.poll();
        return (next == null ? otherwise : next).to(notices);
    }

    /** The notices it was sent, one after the other. */
    List<Notice> notices() {
        synchronized (messages) {
            return messages.stream().flatMap(List::stream).toList();
        }
    }

    List<Long> ids() {
        return notices().stream().map(Notice::id).toList();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public int mostAtOnce() {
        return mostAtOnce;
    }

    @Override
    public Duration spacing() {
        return spacing;
    }

    @Override
    public void close() {
        closed = true;
    }
}
