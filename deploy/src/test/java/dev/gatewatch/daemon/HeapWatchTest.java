package dev.gatewatch.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeapWatchTest {
    /** A process that fills its heap to a little more than nine tenths, and ends with its input. */
    static final class Hoarder {
        static final List<byte[]> KEPT = new ArrayList<>();

        private Hoarder() {}

        public static void main(String... args) throws IOException {
            try (HeapWatch _ = HeapWatch.start()) {
                MemoryPoolMXBean old = HeapWatch.oldest().orElseThrow();
                while (old.getUsage().getUsed() < 0.93 * old.getUsage().getMax()) {
                    KEPT.add(new byte[1 << 16]);
                }
                System.gc();
                while (System.in.read() >= 0) {
                    // notifications come from a thread of the machine's own
                }
            }
        }
    }

    @Test
    @Timeout(60)
    void aHeapThatIsNearlyFullIsSaid() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Xmn2m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hoarder.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.lines().filter(line -> line.contains("Little memory")).findFirst())
                    .hasValueSatisfying(line -> assertThat(line).contains("GATEWATCH_OPTS=-Xmx"));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whatIsSaidNamesTheNextSize() {
        assertThat(HeapWatch.words(new MemoryUsage(0, 180L << 20, 190L << 20, 192L << 20)))
                .isEqualTo("Little memory is left: 180 MB of a heap of 192 MB are in use after a collection. Watch less, or give more:"
                        + " GATEWATCH_OPTS=-Xmx384m");
    }
}
