package dev.gatewatch.probes.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HexFormat;

/** One target under its bounds: nothing unexpected is thrown, and no input takes more time or memory than it may. */
final class Feeding {
    /** Of the processor, so that other work on the machine does not count. */
    static final Duration MOST_TIME = Duration.ofSeconds(1);

    /** What one input may allocate in all; the largest has 64 KiB. */
    static final long MOST_BYTES = 256L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Target target;
    private long inputs;
    private long slowest;

    Feeding(Target target) {
        this.target = target;
    }

    long inputs() {
        return inputs;
    }

    /** The longest that an input took of the processor. */
    Duration slowest() {
        return Duration.ofNanos(slowest);
    }

    /** An error that shows the input where it breaks a bound. */
    void take(byte[] input) {
        inputs++;
        long time = THREADS.getCurrentThreadCpuTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        try {
            target.feed().take(input.clone());
        } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
            throw new AssertionError(told(input, e.toString()), e);
        }
        long took = THREADS.getCurrentThreadCpuTime() - time;
        slowest = Math.max(slowest, took);
        if (took > MOST_TIME.toNanos()) {
            throw new AssertionError(told(input, "took " + took / 1_000_000 + " ms"));
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        if (allocated > MOST_BYTES) {
            throw new AssertionError(told(input, "allocated " + (allocated >> 20) + " MB"));
        }
    }

    private String told(byte[] input, String what) {
        byte[] head = input.length > 2_000 ? java.util.Arrays.copyOf(input, 2_000) : input;
        return target.name() + ", input " + inputs + " of " + input.length + " bytes: " + what + "\n"
                + HexFormat.of().formatHex(head) + "\n" + Target.text(head);
    }
}
