package dev.gatewatch.daemon;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.Optional;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when little of the heap is left after a collection, before the process has to end for it. */
final class HeapWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeapWatch.class);
    private static final double NEARLY_FULL = 0.9;

    private final NotificationListener listener = HeapWatch::heard;

    private HeapWatch() {}

    static HeapWatch start() {
        var watch = new HeapWatch();
        oldest().ifPresent(pool -> pool.setCollectionUsageThreshold((long) (NEARLY_FULL * pool.getUsage().getMax())));
        emitter().addNotificationListener(watch.listener, null, null);
        return watch;
    }

    /** The pool in which objects that stay end up. */
    static Optional<MemoryPoolMXBean> oldest() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isCollectionUsageThresholdSupported())
                .filter(pool -> pool.getUsage().getMax() > 0)
                .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
    }

    private static NotificationEmitter emitter() {
        return (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    }

    private static void heard(Notification notification, Object nothing) {
        if (notification.getType().equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) {
            oldest().map(MemoryPoolMXBean::getCollectionUsage).map(HeapWatch::words).ifPresent(LOG::warn);
        }
    }

    /** What to say of a heap that is nearly full. */
    static String words(MemoryUsage usage) {
        return "Little memory is left: %d MB of a heap of %d MB are in use after a collection. Watch less, or give more: GATEWATCH_OPTS=-Xmx%dm"
                .formatted(usage.getUsed() >> 20, usage.getMax() >> 20, usage.getMax() >> 19);
    }

    @Override
    public void close() {
        try {
            emitter().removeNotificationListener(listener);
        } catch (ListenerNotFoundException e) {
            LOG.debug("Nobody listened", e);
        }
    }
}
