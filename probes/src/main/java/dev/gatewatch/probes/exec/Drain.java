package dev.gatewatch.probes.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Reads what a process says until it says no more, and keeps the head of it: a process whose output nobody takes would wait for ever.
 * On a platform thread of its own, since such reads cannot be interrupted. Safe for many threads.
 */
final class Drain {
    static final int MOST = 64 * 1024;

    private final InputStream in;
    private final Thread thread;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(); // under itself
    private boolean more; // under head

    private Drain(InputStream in, String name, Runnable atEnd) {
        this.in = in;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            try {
                read();
            } finally {
                atEnd.run();
            }
        });
    }

    /** Begins to read. */
    static Drain of(InputStream in, String name, Runnable atEnd) {
        var drain = new Drain(in, name, atEnd);
        drain.thread.start();
        return drain;
    }

    private void read() {
        var buffer = new byte[8_192];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (head) {
                    int kept = Math.min(n, MOST - head.size());
                    head.write(buffer, 0, kept);
                    more |= kept < n;
                }
            }
        } catch (IOException _) {
            // closed when the process ended
        }
    }

    /** Whether the output ended in time. */
    boolean ended(Duration atMost) throws InterruptedException {
        return thread.join(atMost.isPositive() ? atMost : Duration.ofNanos(1));
    }

    /** What was said so far, as far as it is kept. What is not UTF-8 becomes a replacement character. */
    String text() {
        synchronized (head) {
            return head.toString(StandardCharsets.UTF_8);
        }
    }

    /** Whether more was said than is kept. */
    boolean cut() {
        synchronized (head) {
            return more;
        }
    }
}
