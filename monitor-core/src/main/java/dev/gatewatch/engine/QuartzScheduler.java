package dev.gatewatch.engine;

import dev.gatewatch.config.Durations;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobKey;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.simpl.RAMJobStore;
import org.quartz.simpl.SimpleThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler on Quartz, in memory. Quartz knows the wall clock only; so the monotonic clock is watched beside it: when the wall
 * clock is set back, all triggers are laid anew (they would wait for the time to come again), and when it is set forward, what only
 * looks due is not called.
 */
public final class QuartzScheduler implements Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(QuartzScheduler.class);

    /** Tasks only hand over, so two threads do for thousands of them. */
    private static final String THREADS = "2";

    /** How often the clocks are compared, in milliseconds. */
    private static final long WATCH_EVERY = 500;

    /** After a step of the clock a task of a longer interval is called within this time, not an interval later. In milliseconds. */
    private static final long CATCH_UP = 10_000;

    /** Quartz finds its schedulers by name in the whole process. */
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final org.quartz.Scheduler quartz;
    private final Thread watch;
    private final Map<String, GridTask> tasks = new ConcurrentHashMap<>();

    /** Held while triggers are laid, so that a re-laying never brings a cancelled one back. */
    private final ReentrantLock laying = new ReentrantLock();

    public QuartzScheduler() {
        var properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "gatewatch-" + COUNT.incrementAndGet());
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
        properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "64");
        properties.setProperty("org.quartz.jobStore.class", RAMJobStore.class.getName());
        properties.setProperty("org.quartz.threadPool.class", SimpleThreadPool.class.getName());
        properties.setProperty("org.quartz.threadPool.threadCount", THREADS);
        properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
        try {
            quartz = new StdSchedulerFactory(properties).getScheduler();
            quartz.setJobFactory((bundle, _) -> call(bundle.getTrigger().getKey().getName()));
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not start", e);
        }
        watch = Thread.ofVirtual().name("clock-watch").unstarted(this::watch);
    }

    @Override
    public void schedule(String key, Duration interval, Duration offset, Task task) {
        var entry = new GridTask(key, interval.toMillis(), offset.toMillis(), task);
        laying.lock();
        try {
            tasks.put(key, entry);
            long now = System.currentTimeMillis();
            lay(entry, Grid.next(now, entry.interval, entry.offset), now);
        } finally {
            laying.unlock();
        }
    }

    @Override
    public void cancel(String key) {
        laying.lock();
        try {
            tasks.remove(key);
            quartz.deleteJob(JobKey.jobKey(key));
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not cancel " + key, e);
        } finally {
            laying.unlock();
        }
    }

    @Override
    public void start() {
        try {
            quartz.start();
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not start", e);
        }
        watch.start();
    }

    @Override
    public void close() {
        watch.interrupt();
        try {
            quartz.shutdown(true);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not stop", e);
        }
    }

    /** What Quartz runs when a trigger fires. */
    @SuppressWarnings("JavaUtilDate") // Quartz speaks it
    private Job call(String key) {
        return context -> {
            GridTask entry = tasks.get(key);
            if (entry == null) {
                return; // cancelled meanwhile
            }
            long now = System.currentTimeMillis();
            Optional<Duration> late = entry.fired(context.getScheduledFireTime().getTime(), now, monotonic());
            try {
                if (late.isPresent()) {
                    entry.task.fire(late.get());
                } else {
                    catchUp(entry, now);
                }
            } catch (RuntimeException e) {
                LOG.error("A scheduled task failed: {}", key, e);
            }
        };
    }

    private void watch() {
        var clocks = new ClockWatch(System.currentTimeMillis(), monotonic());
        try {
            while (true) {
                Thread.sleep(WATCH_EVERY);
                long step = clocks.look(System.currentTimeMillis(), monotonic());
                if (step != 0) {
                    LOG.warn("The clock was set {} by {}", step > 0 ? "forward" : "back", inSeconds(Math.abs(step)));
                    layAll();
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private static String inSeconds(long millis) {
        return Durations.format(Duration.ofSeconds((millis + 500) / 1_000));
    }

    private void layAll() {
        for (GridTask entry : tasks.values()) {
            catchUp(entry, System.currentTimeMillis());
        }
    }

    /** Lays a trigger after a step of the clock: at its next instant, or sooner where that is far; spread like the grid itself. */
    private void catchUp(GridTask entry, long now) {
        laying.lock();
        try {
            if (tasks.get(entry.key) == entry) {
                lay(entry, afterStep(now, entry.interval, entry.offset), now);
            }
        } finally {
            laying.unlock();
        }
    }

    /** When a task is called first after a step of the clock. Pure. */
    static long afterStep(long now, long interval, long offset) {
        long regular = Grid.next(now, interval, offset);
        return interval <= CATCH_UP ? regular : Math.min(regular, Grid.next(now, CATCH_UP, offset));
    }

    private void lay(GridTask entry, long first, long now) {
        entry.expect(first, now, monotonic());
        var trigger = new GridTrigger(entry.key, first, entry.interval, entry.offset);
        try {
            if (quartz.rescheduleJob(TriggerKey.triggerKey(entry.key), trigger) == null) {
                quartz.scheduleJob(JobBuilder.newJob(Job.class).withIdentity(entry.key).build(), trigger);
            }
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not schedule " + entry.key, e);
        }
    }

    private static long monotonic() {
        return System.nanoTime() / 1_000_000;
    }
}
