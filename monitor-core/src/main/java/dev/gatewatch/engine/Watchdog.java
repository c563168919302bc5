package dev.gatewatch.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Cuts off runs that ignore their deadline: interrupts them {@link #GRACE} after it, and gives them up when even that does not end
 * them. One platform thread for all, since virtual threads get no turn while misbehaving probes hold every carrier.
 */
final class Watchdog implements AutoCloseable {
    /** What a run may take beyond its deadline to say what happened. */
    static final Duration GRACE = Duration.ofMillis(500);

    /** How long after its interrupt a run is given up. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long LOOK_EVERY_MS = 100;

    private final Duration patience;
    private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofPlatform().name("watchdog").daemon().unstarted(this::watch);

    Watchdog(Duration patience) {
        this.patience = patience;
    }

    void start() {
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
                long now = System.nanoTime();
                guards.forEach(guard -> guard.look(now));
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /** The watch over one run. */
    final class Guard {
        private final Thread run;
        private final long cutAt;
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
            if (now - cutAt >= 0) {
                cut();
            }
            if (now - cutAt >= patience.toNanos() && stage.compareAndSet(Stage.CUT, Stage.GIVEN_UP)) {
                guards.remove(this);
                givenUp.run();
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
