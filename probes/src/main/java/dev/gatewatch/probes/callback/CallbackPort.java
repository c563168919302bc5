package dev.gatewatch.probes.callback;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.net.Failure;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One probe's hold on the listener for callbacks. A listening address can be taken once in a process, while probes come and go with
 * every reload; so all that name the same address share one listener, which is opened for the first that needs it and closed with the
 * last. Safe for many threads.
 */
public final class CallbackPort implements AutoCloseable {
    private static final ReentrantLock LOCK = new ReentrantLock();

    /** The listeners of this process by the address asked for; as many as there are holds on different ones. Guarded by LOCK. */
    private static final Map<HostPort, Shared> OPEN = new HashMap<>();

    private static final class Shared {
        private final CallbackListener listener;
        private int holds;

        Shared(CallbackListener listener) {
            this.listener = listener;
        }
    }

    private final CallbackSettings settings;

    // guarded by LOCK
    private @Nullable Shared held;
    private boolean closed;

    /** A hold that opens nothing yet. */
    public CallbackPort(CallbackSettings settings) {
        this.settings = settings;
    }

    /**
     * A box for one run, listening from now on.
     *
     * @throws ProbeFailure of our own side, when the listener cannot be opened or too many runs wait
     */
    public CallbackBox box() throws ProbeFailure {
        return listener()
                .box(settings)
                .orElseThrow(() -> new ProbeFailure(new Failure(
                        Cause.INTERNAL_ERROR,
                        "more than " + CallbackListener.MOST_BOXES + " callbacks are awaited at once")));
    }

    private CallbackListener listener() throws ProbeFailure {
        LOCK.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the probe is closed");
            }
            Shared shared = held;
            if (shared == null) {
                shared = OPEN.get(settings.listen());
                if (shared == null) {
                    shared = new Shared(CallbackListener.open(settings.listen(), CallbackListener.PATIENCE));
                    OPEN.put(settings.listen(), shared);
                }
                shared.holds++;
                held = shared;
            }
            return shared.listener;
        } catch (IOException e) {
            throw new ProbeFailure(new Failure(
                    Cause.LOCAL_NETWORK,
                    "cannot listen for callbacks on " + settings.listen() + ": " + e.getMessage()
                            + " (callbacks.listen; another Gatewatch may have it)"));
        } finally {
            LOCK.unlock();
        }
    }

    /** Lets go; the last one closes the listener. */
    @Override
    public void close() {
        LOCK.lock();
        try {
            closed = true;
            Shared shared = held;
            held = null;
            if (shared != null && --shared.holds == 0) {
                OPEN.remove(settings.listen());
                shared.listener.close();
            }
        } finally {
            LOCK.unlock();
        }
    }
}
