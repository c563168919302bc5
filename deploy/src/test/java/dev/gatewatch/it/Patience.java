package dev.gatewatch.it;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The one place that knows how long an end-to-end test waits for another process. */
final class Patience {
    private Patience() {}

    /** Up to 30 s, looking four times a second. */
    static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(250));
    }
}
