package dev.gatewatch.engine;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A probe of the running configuration with what keeps its runs apart: at most one at a time, and the probe closed after the last of
 * them. Safe for many threads.
 */
final class Watched {
    private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

    private final ProbeSpec spec;

    /** Taken while a run goes on. Belongs to the series: a changed probe waits for the last run of the one it replaces. */
    private final AtomicBoolean flight;

    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.IDLE);

    private volatile @Nullable Class<?> lastFault;

    private enum Stage {
        IDLE,
        RUNNING,
        /** Running for the last time. */
        LEAVING,
        CLOSED
    }

    /** How an attempt to begin a run ended. */
    enum Begin {
        BEGUN,
        STILL_RUNNING,
        RETIRED
    }

    private Watched(ProbeSpec spec, AtomicBoolean flight) {
        this.spec = spec;
        this.flight = flight;
    }

    static Watched of(ProbeSpec spec) {
        return new Watched(spec, new AtomicBoolean());
    }

    /** What replaces this after a change of the configuration. */
    Watched changedTo(ProbeSpec changed) {
        return new Watched(changed, flight);
    }

    ProbeSpec spec() {
        return spec;
    }

    /** Takes the flight; {@link #end} has to follow when it was begun. */
    Begin begin() {
        if (!flight.compareAndSet(false, true)) {
            return Begin.STILL_RUNNING;
        }
        if (!stage.compareAndSet(Stage.IDLE, Stage.RUNNING)) {
            flight.set(false);
            return Begin.RETIRED;
        }
        return Begin.BEGUN;
    }

    void end() {
        if (!stage.compareAndSet(Stage.RUNNING, Stage.IDLE) && stage.compareAndSet(Stage.LEAVING, Stage.CLOSED)) {
            closeProbe();
        }
        flight.set(false);
    }

    /** No run begins any more; the probe is closed now or after the one that goes on. */
    void retire() {
        while (true) {
            switch (Objects.requireNonNull(stage.get())) {
                case IDLE -> {
                    if (stage.compareAndSet(Stage.IDLE, Stage.CLOSED)) {
                        closeProbe();
                        return;
                    }
                }
                case RUNNING -> {
                    if (stage.compareAndSet(Stage.RUNNING, Stage.LEAVING)) {
                        return;
                    }
                }
                case LEAVING, CLOSED -> {
                    return;
                }
            }
        }
    }

    /** Whether this fault of the probe is of another kind than the one before: its stack trace is worth a log once, not every run. */
    boolean newFault(Throwable fault) {
        boolean another = fault.getClass() != lastFault;
        lastFault = fault.getClass();
        return another;
    }

    private void closeProbe() {
        try {
            spec.probe().close();
        } catch (Exception e) {
            LOG.warn("The probe {} does not close cleanly", spec.series().display(), e);
        }
    }
}
