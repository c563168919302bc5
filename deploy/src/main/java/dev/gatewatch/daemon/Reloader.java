package dev.gatewatch.daemon;

import dev.gatewatch.config.Sources;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.web.ReloadOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a changed configuration: reads and makes everything first, and swaps only when all of it is good. A bad one changes nothing but
 * the status. Safe for many threads; reloads come one after the other.
 */
final class Reloader {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    /** Files are looked at rather than watched: mounted volumes and editors that rename would be missed otherwise. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final Supplier<Configuration.Attempt> reader;
    private final Consumer<Configuration> taker;
    private final Clock clock;
    private final ReentrantLock reloading = new ReentrantLock();

    // guarded by reloading
    private Configuration running;
    private Sources seen;

    private volatile ConfigStatus status;

    Reloader(
            Configuration running,
            Configuration.Attempt attempt,
            Supplier<Configuration.Attempt> reader,
            Consumer<Configuration> taker,
            Clock clock) {
        this.running = running;
        this.seen = attempt.sources();
        this.reader = reader;
        this.taker = taker;
        this.clock = clock;
        Instant now = clock.instant();
        this.status = new ConfigStatus(attempt.files(), now, now, true, attempt.lines());
    }

    ConfigStatus status() {
        return status;
    }

    ReloadOutcome reload() {
        reloading.lock();
        try {
            Configuration.Attempt attempt = reader.get();
            seen = attempt.sources();
            var lines = new ArrayList<>(attempt.lines());
            Instant now = clock.instant();
            if (attempt.configuration().isEmpty()) {
                status = new ConfigStatus(status.files(), status.loadedAt(), now, false, lines);
                lines.forEach(line -> LOG.error("configuration: {}", line));
                LOG.error("the new configuration is refused, the old one goes on");
                return new ReloadOutcome(false, lines);
            }
            Configuration next = attempt.configuration().get();
            lines.addAll(needsRestart(next));
            taker.accept(next);
            running = next;
            status = new ConfigStatus(attempt.files(), now, now, true, lines);
            lines.forEach(line -> LOG.warn("configuration: {}", line));
            LOG.info("the new configuration is in force: {} probes, {} rules", next.plan().probes().size(), next.rules().size());
            return new ReloadOutcome(true, lines);
        } finally {
            reloading.unlock();
        }
    }

    /** Starts to look at the files; closing what is returned ends it. */
    AutoCloseable watchFiles() {
        Thread watcher = Thread.ofVirtual().name("config-watcher").start(this::watch);
        return () -> {
            watcher.interrupt();
            watcher.join();
        };
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                if (changed()) {
                    LOG.info("the configuration's files have changed");
                    reload();
                }
            }
        } catch (InterruptedException _) {
            // the daemon stops
        }
    }

    private boolean changed() {
        reloading.lock();
        try {
            return seen.changed();
        } catch (RuntimeException e) { // a file that vanishes while it is read is looked at again next time
            LOG.debug("looking at the configuration's files failed", e);
            return false;
        } finally {
            reloading.unlock();
        }
    }

    /** What the new configuration changes that only a restart can bring about. */
    private List<String> needsRestart(Configuration next) {
        var lines = new ArrayList<String>();
        if (!next.server().equals(running.server())) {
            lines.add("server: the change takes effect at the next start");
        }
        if (!next.store().equals(running.store())) {
            lines.add("store: the change takes effect at the next start");
        }
        if (!next.engine().equals(running.engine())) {
            lines.add("engine: the change takes effect at the next start");
        }
        if (!next.location().equals(running.location())) {
            lines.add("location: the new name is used from the next start on for links, and at once for results");
        }
        return lines;
    }
}
