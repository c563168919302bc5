package dev.gatewatch.sandbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Which faults are on. Parts ask it for the effects that they obey; those that must act on a change (open or close a port) listen.
 * Safe for many threads; switching is idempotent.
 */
final class World {
    /** Acts on a change, and returns when the change is in force. Called one at a time, never while holding up those who ask. */
    interface Listener {
        void worldChanged() throws IOException;
    }

    /**
     * One moment.
     *
     * @param active in the order in which they were switched on
     * @param over completes when another moment begins
     */
    private record Moment(List<Fault> active, CompletableFuture<Void> over) {}

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock switching = new ReentrantLock();
    private volatile Moment now = new Moment(List.of(), new CompletableFuture<>());

    void onChange(Listener listener) {
        listeners.add(listener);
    }

    /** In the order in which they were switched on. */
    List<Fault> active() {
        return now.active();
    }

    boolean isActive(Fault fault) {
        return now.active().contains(fault);
    }

    /** The effects of one kind that are in force, the one switched on last at the end. */
    <E extends Effect> Stream<E> effects(Class<E> kind) {
        return now.active().stream().map(Fault::effect).filter(kind::isInstance).map(kind::cast);
    }

    /** The effect of one kind that was switched on last: for what can only be one way at a time. */
    <E extends Effect> Optional<E> latest(Class<E> kind) {
        return effects(kind).reduce((_, later) -> later);
    }

    /** Whether this is on. */
    boolean on(Effect.Switch effect) {
        return now.active().stream().anyMatch(fault -> fault.effect() == effect);
    }

    /** Whether an effect of this kind is felt in this region. */
    <E extends Effect.Regional> boolean felt(Class<E> kind, Region region) {
        return effects(kind).anyMatch(e -> e.in(region));
    }

    /** Waits while an effect of this kind is felt in this region. */
    <E extends Effect.Regional> void awaitEnd(Class<E> kind, Region region) throws InterruptedException {
        while (true) {
            CompletableFuture<Void> over = now.over(); // read before the question, so that no change slips between them
            if (!felt(kind, region)) {
                return;
            }
            try {
                over.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e); // it is only ever completed
            }
        }
    }

    /**
     * Switches a fault; returns when it is in force.
     *
     * @throws IOException if a part could not follow, such as a port that cannot be opened again; the switch itself stays as asked, and
     *     each later change tries again
     */
    void turn(Fault fault, boolean on) throws IOException {
        switching.lock();
        try {
            List<Fault> active = new ArrayList<>(now.active());
            boolean changed = on ? !active.contains(fault) && active.add(fault) : active.remove(fault);
            begin(active, changed);
        } finally {
            switching.unlock();
        }
    }

    /** Switches all faults off. */
    void heal() throws IOException {
        switching.lock();
        try {
            begin(List.of(), !now.active().isEmpty());
        } finally {
            switching.unlock();
        }
    }

    private void begin(List<Fault> active, boolean changed) throws IOException {
        if (changed) {
            Moment before = now;
            now = new Moment(List.copyOf(active), new CompletableFuture<>());
            before.over().complete(null);
        }
        IOException failure = null;
        for (Listener listener : listeners) { // also when nothing changed: a part that could not follow before may now
            try {
                listener.worldChanged();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
