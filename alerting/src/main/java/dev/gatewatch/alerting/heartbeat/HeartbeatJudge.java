package dev.gatewatch.alerting.heartbeat;

import dev.gatewatch.engine.Judge;
import dev.gatewatch.engine.Plan;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beats while the whole way of a result works: scheduled, run, journalled, judged and committed. A process that is merely there is no
 * proof of that. Stores nothing, and nothing that it does depends on another judge.
 *
 * <p>Alive is a daemon that has judged a fresh result within two intervals of its fastest probe and that one's time-out. A result that
 * was left over from before a restart proves nothing.
 */
public final class HeartbeatJudge implements Judge {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatJudge.class);

    /** A beat that did not arrive is repeated after this, unless the next one comes sooner. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    // set once
    private final Duration every;
    private final Pulse pulse;
    private final LongSupplier nanos;

    // confined to the evaluator's thread
    private Duration patience = Duration.ZERO;
    private boolean nothingToDo;
    private boolean judged;
    private long judgedAt;
    private boolean beaten;
    private long beatenAt;
    private boolean silent;

    /**
     * A judge.
     *
     * @param nanos a monotonic clock: how long ago something was must not depend on a wall clock that is set
     */
    public HeartbeatJudge(HeartbeatSettings settings, HeartbeatSender sender, LongSupplier nanos) {
        this(settings.every(), sender, nanos);
    }

    HeartbeatJudge(Duration every, Pulse pulse, LongSupplier nanos) {
        this.every = every;
        this.pulse = pulse;
        this.nanos = nanos;
    }

    @Override
    public void restore(Handle tx, Plan plan, Instant now) {
        nothingToDo = plan.probes().isEmpty();
        patience = plan.probes().values().stream()
                .map(spec -> spec.interval().multipliedBy(2).plus(spec.timeout()))
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Override
    public void advance(Handle tx, List<Result> results, Instant now) {
        Instant fresh = now.minus(patience);
        if (results.stream().anyMatch(result -> !result.endedAt().isBefore(fresh))) {
            judged = true;
            judgedAt = nanos.getAsLong();
        }
    }

    @Override
    public void committed() {
        long now = nanos.getAsLong();
        if (!alive(now)) {
            if (beaten && !silent) {
                LOG.warn("No run has been judged for {} s: the heartbeat is withheld until one is", patience.toSeconds());
                silent = true;
            }
            return;
        }
        silent = false;
        if (!beaten || now - beatenAt >= pace().toNanos()) {
            beaten = true;
            beatenAt = now;
            pulse.beat();
        }
    }

    /** Without any probe there is nothing but the judging itself that could stand still. */
    private boolean alive(long now) {
        return nothingToDo || (judged && now - judgedAt <= patience.toNanos());
    }

    private Duration pace() {
        return pulse.failed() && AGAIN.compareTo(every) < 0 ? AGAIN : every;
    }
}
