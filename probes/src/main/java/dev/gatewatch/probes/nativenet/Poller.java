package dev.gatewatch.probes.nativenet;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits for descriptors on behalf of virtual threads: one platform thread sits in {@code poll(2)} for all of them, so that no wait
 * holds a carrier. The thread begins with the first wait and ends when nobody has waited for a while. Safe for many threads.
 */
final class Poller {
    static final short READABLE = 1;
    static final short WRITABLE = 4;
    static final Poller SHARED = new Poller(Duration.ofSeconds(10));

    /** struct pollfd: int fd, short events, short revents. */
    private static final int ENTRY = 8;

    /** O_NONBLOCK and O_CLOEXEC. */
    private static final int COUNTER_FLAGS = 0x800 | 0x80000;

    private final Duration idle;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread thread; // under the lock
    private int bell = -1; // under the lock when set; stays

    Poller(Duration idle) {
        this.idle = idle;
    }

    /** One thread's wait for one descriptor; its identity is what it is found by. */
    private static final class Wait {
        private final int descriptor;
        private final short events;
        private final CompletableFuture<Short> ready = new CompletableFuture<>();

        Wait(int descriptor, short events) {
            this.descriptor = descriptor;
            this.events = events;
        }
    }

    /**
     * Waits until the descriptor can be read or written or has an error to tell.
     *
     * @return whether it came to that in time
     * @throws InterruptedIOException when the calling thread was interrupted
     */
    boolean await(int descriptor, short events, Duration atMost) throws IOException {
        var wait = new Wait(descriptor, events);
        waits.add(wait);
        try {
            ring();
            wait.ready.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a packet");
        } catch (ExecutionException e) {
            throw new IOException("cannot wait for a packet", e.getCause());
        } finally {
            if (waits.remove(wait)) {
                // a descriptor stays open in the kernel for as long as somebody polls it
                ring();
            }
        }
    }

    /** Makes the thread look at the waits anew; starts it where there is none. */
    private void ring() throws NativeException {
        lock.lock();
        try {
            if (bell < 0) {
                bell = Libc.eventCounter(COUNTER_FLAGS);
            }
            if (thread == null) {
                thread = Thread.ofPlatform().daemon().name("packets").start(this::loop);
            } else {
                Libc.count(bell);
            }
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        long since = System.nanoTime();
        while (true) {
            List<Wait> now = new ArrayList<>(waits);
            if (!now.isEmpty()) {
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= idle.toNanos() && left()) {
                return;
            }
            try (Arena arena = Arena.ofConfined()) {
                pollOnce(now, arena);
            } catch (NativeException e) {
                if (e.errno() != Errno.EINTR) {
                    now.forEach(wait -> finish(wait, e));
                }
            }
        }
    }

    /** Ends the thread unless somebody came to wait meanwhile. */
    private boolean left() {
        lock.lock();
        try {
            if (!waits.isEmpty()) {
                return false;
            }
            thread = null;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void pollOnce(List<Wait> now, Arena arena) throws NativeException {
        MemorySegment entries = arena.allocate((long) ENTRY * (now.size() + 1), 8);
        entries.set(JAVA_INT, 0, bell);
        entries.set(JAVA_SHORT, 4, READABLE);
        for (int i = 0; i < now.size(); i++) {
            long at = (long) ENTRY * (i + 1);
            entries.set(JAVA_INT, at, now.get(i).descriptor);
            entries.set(JAVA_SHORT, at + 4, now.get(i).events);
        }
        Libc.poll(entries, now.size() + 1L, (int) idle.toMillis());
        if (entries.get(JAVA_SHORT, 6) != 0) {
            Libc.reset(bell);
        }
        for (int i = 0; i < now.size(); i++) {
            short happened = entries.get(JAVA_SHORT, (long) ENTRY * (i + 1) + 6);
            if (happened != 0) {
                waits.remove(now.get(i));
                now.get(i).ready.complete(happened);
            }
        }
    }

    private void finish(Wait wait, NativeException e) {
        waits.remove(wait);
        wait.ready.completeExceptionally(e);
    }

    /** Whether the thread is there; for tests. */
    boolean running() {
        lock.lock();
        try {
            return thread != null;
        } finally {
            lock.unlock();
        }
    }
}
