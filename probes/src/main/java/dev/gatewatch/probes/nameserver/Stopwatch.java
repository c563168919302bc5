package dev.gatewatch.probes.nameserver;

import java.time.Duration;

/** Adds up the parts of one exchange as it goes, also one that fails. Confined to one thread. */
final class Stopwatch {
    private Timing total = Timing.NONE;
    private long since = System.nanoTime();

    private Duration lap() {
        long now = System.nanoTime();
        var took = Duration.ofNanos(now - since);
        since = now;
        return took;
    }

    void start() {
        since = System.nanoTime();
    }

    void resolved() {
        total = total.plus(Timing.ofResolve(lap()));
    }

    void connected() {
        total = total.plus(new Timing(Duration.ZERO, lap(), Duration.ZERO, Duration.ZERO));
    }

    void secured() {
        total = total.plus(new Timing(Duration.ZERO, Duration.ZERO, lap(), Duration.ZERO));
    }

    void answered() {
        total = total.plus(new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO, lap()));
    }

    Timing total() {
        return total;
    }
}
