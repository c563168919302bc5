package dev.gatewatch.engine;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells failures of targets from failures of our own network. When a run fails, some addresses are asked that answer as long as this
 * machine has a network; when none of them does, the run says nothing about its target and is {@code broken}.
 *
 * <p>Runs that fail together share one round of asking, if it began after they did. Safe for many threads; asking blocks the caller, at
 * most for the configured time-out.
 */
final class Witness {
    /** The fact that a result carries when the witnesses were silent: other troubles of our own network concern one probe only. */
    static final String FACT = WitnessSettings.SILENT;

    /** A round that began so shortly before a run is as good as one that began after it. */
    private static final Duration CLOSE = Duration.ofMillis(100);

    private final WitnessSettings settings;
    private final AtomicReference<@Nullable Round> latest = new AtomicReference<>();

    /** One round of asking; completes with whether anybody answered. */
    private record Round(long beganNanos, CompletableFuture<Boolean> answered) {}

    Witness(WitnessSettings settings) {
        this.settings = settings;
    }

    /**
     * The report as it stands once the witnesses were heard: itself, or a broken one where our own network is down.
     *
     * @param startNanos when the run began, as {@link System#nanoTime} tells
     */
    Report heard(Report report, long startNanos) throws InterruptedException {
        if (report.outcome() != Outcome.FAIL || settings.targets().isEmpty() || anybodyAnswers(startNanos)) {
            return report;
        }
        var broken = Report.builder();
        report.phases().forEach(broken::phase);
        broken.fact(FACT, true);
        report.evidence().forEach(e -> broken.evidence(e.title(), e.text()));
        broken.evidence(
                "the run itself said",
                report.cause().map(Cause::code).orElse("") + ": " + report.message());
        return broken.broken(
                        Cause.LOCAL_NETWORK,
                        "this machine's own network is down: none of the witnesses answers ("
                                + String.join(", ", settings.targets().stream().map(HostPort::toString).toList()) + ")")
                .build();
    }

    private boolean anybodyAnswers(long startNanos) throws InterruptedException {
        while (true) {
            Round round = latest.get();
            if (round != null && round.beganNanos + CLOSE.toNanos() - startNanos >= 0) {
                return outcome(round);
            }
            var mine = new Round(System.nanoTime(), new CompletableFuture<>());
            if (latest.compareAndSet(round, mine)) {
                ask(mine.answered);
                return outcome(mine);
            }
        }
    }

    private boolean outcome(Round round) throws InterruptedException {
        try {
            return round.answered.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e); // nobody completes it so
        }
    }

    /** Asks all at once; the first answer decides. */
    private void ask(CompletableFuture<Boolean> answered) {
        List<HostPort> targets = settings.targets();
        var silent = new AtomicInteger(targets.size());
        for (HostPort target : targets) {
            Thread.ofVirtual().name("witness " + target).start(() -> {
                if (answers(target)) {
                    answered.complete(true);
                } else if (silent.decrementAndGet() == 0) {
                    answered.complete(false);
                }
            });
        }
    }

    private boolean answers(HostPort target) {
        try (var socket = new Socket()) {
            var address = new InetSocketAddress(target.host(), target.port());
            if (address.isUnresolved()) {
                return false;
            }
            socket.connect(address, Math.toIntExact(settings.timeout().toMillis()));
            return true;
        } catch (ConnectException e) {
            // a refusal came over the network; "Network is unreachable" did not
            return String.valueOf(e.getMessage()).contains("refused");
        } catch (IOException _) {
            return false;
        }
    }
}
