package dev.gatewatch.daemon;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon in the foreground of its process: reloads on SIGHUP, tells systemd, and lasts until SIGTERM or SIGINT. */
public final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private final Daemon daemon;
    private final SystemdNotifier systemd = new SystemdNotifier(System.getenv("NOTIFY_SOCKET"));

    public Service(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Returns when the process was asked to stop; the daemon still runs then, and its owner closes it. */
    public void runUntilStopped() throws InterruptedException {
        var stop = new CountDownLatch(1);
        for (String name : new String[] {"TERM", "INT"}) {
            Signals.handle(name, signal -> {
                LOG.info("asked to stop (SIG{})", signal);
                stop.countDown();
            });
        }
        Signals.handle("HUP", _ -> Thread.ofVirtual().name("reload").start(daemon::reload));
        int series = daemon.plan().probes().size();
        String status = "watching " + series + (series == 1 ? " probe" : " probes") + ", page at " + daemon.page();
        systemd.ready(status);
        LOG.info("ready: {}", status);
        stop.await();
        systemd.stopping();
    }
}
