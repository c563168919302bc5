package dev.gatewatch.engine;

import dev.gatewatch.config.Durations;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts off runs that ignore their deadline: interrupts them {@link #GRACE} after it, and gives them up when even that does not end
 * them. Also notices when this process itself stands still (a stopped container, a machine out of memory), which must not be held
 * against the targets. One platform thread for all, since virtual threads get no turn while misbehaving probes hold every carrier.
 */
final class Watchdog implements AutoCloseable {
    /** What a run may take beyond its deadline to say what happened. */
    static final Duration GRACE = Duration.ofMillis(500);

    /** How long after its interrupt a run is given up. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Nothing but a standstill keeps the watchdog's thread from its turn for so long. */
    static final Duration STANDSTILL = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private static final long LOOK_EVERY_MS = 100;

    private final Duration patience;
    private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
    private volatile long lastLook = System.nanoTime();
    private volatile long stoodStillUntil = lastLook - 1;
    private final Thread thread = Thread.ofPlatform().name("watchdog").daemon().unstarted(this::watch);

    Watchdog(Duration patience) {
        this.patience = patience;
    }

    void start() {
        lastLook = System.nanoTime();
        thread.start();
    }

    /**
     * Guards the calling thread until {@link Guard#over}.
     *
     * @param timeout of the run
     * @param givenUp called when the run does not end at all
     */
    Guard guard(Duration timeout, Runnable givenUp) {
        var guard = new Guard(
                Thread.currentThread(), System.nanoTime() + timeout.plus(GRACE).toNanos(), givenUp);
        guards.add(guard);
        return guard;
    }

    /** How many runs are guarded. */
    int guarded() {
        return guards.size();
    }

    /** Interrupts every run that goes on now. */
    void cutAll() {
        guards.forEach(Guard::cut);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY_MS);
                look(System.nanoTime());
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /** Looks after every run; told the time, so that a test can. */
    void look(long now) {
        long pause = now - lastLook;
        if (pause >= STANDSTILL.toNanos()) {
            LOG.warn(
                    "This process stood still for {}; runs that went on meanwhile are not held against their targets",
                    Durations.format(Duration.ofMillis(pause / 1_000_000)));
            guards.forEach(guard -> guard.cutAt += pause);
            stoodStillUntil = now;
        }
        lastLook = now;
        guards.forEach(guard -> guard.look(now));
    }

    /** Whether this process stood still since then. Also true when it just woke and the watchdog has not noticed yet. */
    boolean stoodStillSince(long nanos) {
        return stoodStillUntil - nanos >= 0 || System.nanoTime() - lastLook >= STANDSTILL.toNanos();
    }

    /** The watch over one run. */
    final class Guard {
        private final Thread run;
        /** When it is interrupted, then when it is given up. Confined to the thread that looks. */
        private long cutAt;

        private final Runnable givenUp;
        private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.RUNNING);

        private enum Stage {
            RUNNING,
            CUTTING,
            CUT,
            GIVEN_UP,
            OVER
        }

        /** How the run ended. */
        enum End {
            BY_ITSELF,
            CUT_OFF,
            GIVEN_UP
        }

        private Guard(Thread run, long cutAt, Runnable givenUp) {
            this.run = run;
            this.cutAt = cutAt;
            this.givenUp = givenUp;
        }

        /** The run is over; from here on no interrupt of the watchdog reaches its thread. */
        End over() {
            guards.remove(this);
            while (true) {
                switch (Objects.requireNonNull(stage.get())) {
                    case RUNNING -> {
                        if (stage.compareAndSet(Stage.RUNNING, Stage.OVER)) {
                            return End.BY_ITSELF;
                        }
                    }
                    case CUTTING -> Thread.onSpinWait(); // the interrupt is a moment away
                    case CUT -> {
                        if (stage.compareAndSet(Stage.CUT, Stage.OVER)) {
                            Thread.interrupted(); // it was meant for the run, not for what follows
                            return End.CUT_OFF;
                        }
                    }
                    case GIVEN_UP, OVER -> {
                        Thread.interrupted();
                        return End.GIVEN_UP;
                    }
                }
            }
        }

        private void look(long now) {
            if (now - cutAt < 0) {
                return;
            }
            if (stage.compareAndSet(Stage.CUT, Stage.GIVEN_UP)) {
                guards.remove(this);
                givenUp.run();
            } else {
                cut();
                cutAt = now + patience.toNanos();
            }
        }

        private void cut() {
            if (stage.compareAndSet(Stage.RUNNING, Stage.CUTTING)) {
                run.interrupt();
                stage.set(Stage.CUT);
            }
        }
    }
}
