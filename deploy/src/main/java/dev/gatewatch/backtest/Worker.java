package dev.gatewatch.backtest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread that judges. Rows come through a bounded queue; the reader waits where it is full. */
final class Worker implements AutoCloseable {
    private static final int QUEUE = 8;

    private final BlockingQueue<Rows> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;

    // written by the worker, read by others once it has ended
    private final Set<Circle> circles = new LinkedHashSet<>();

    private volatile @Nullable Long end;
    private volatile @Nullable Throwable failure;

    Worker(int number) {
        thread = Thread.ofPlatform().name("backtest-" + number).daemon().unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** Hands rows over, and waits while there is no room. Throws what the worker has stumbled over. */
    void take(Rows rows) {
        try {
            while (!queue.offer(rows, 100, TimeUnit.MILLISECONDS)) {
                rethrow();
            }
            rethrow();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Interrupted();
        }
    }

    /** Nothing follows. @param last when the last run of all began */
    void end(long last) {
        end = last;
        take(new Rows());
    }

    /** Whether it has judged all; throws what it has stumbled over. Waits for a moment only. */
    boolean ended() {
        try {
            boolean over = thread.join(Duration.ofMillis(100));
            rethrow();
            return over;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Interrupted();
        }
    }

    /** The circles that it has judged. Once it has ended. */
    List<Circle> circles() {
        return List.copyOf(circles);
    }

    private void rethrow() {
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown != null) {
            throw new IllegalStateException("judging failed", thrown);
        }
    }

    private void work() {
        try {
            while (true) {
                Rows rows = queue.take();
                for (int i = 0; i < rows.size; i++) {
                    judge(rows, i);
                }
                Long last = end;
                if (last != null && rows.size == 0) {
                    Instant at = Instant.ofEpochMilli(last);
                    new ArrayList<>(circles).forEach(circle -> circle.end(at));
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // whoever waits for this worker throws it on
            failure = e;
        }
    }

    private void judge(Rows rows, int i) {
        Member member = rows.member[i];
        Circle circle = Objects.requireNonNull(member.circle);
        if (member.runs == 0) {
            if (!circle.takes(member)) {
                circle = circle.apart();
                member.circle = circle;
            }
            circles.add(circle);
        }
        circle.take(member, rows.startedAt[i], rows.nanos[i], rows.report[i], rows.place[i]);
    }

    /** Ends it early, if it has not ended. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
