package dev.gatewatch.kit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The one place that knows how long a test waits for another thread or process. */
public final class Waiting {
    private Waiting() {}

    /** Polls often, gives up after 20 s: far beyond what a loaded machine needs, so that giving up means broken. */
    public static ConditionFactory await() {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(20));
    }
}
