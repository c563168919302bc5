package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakTest {
    private static long files() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** The sandbox's threads, virtual ones among them, which only a dump shows. */
    private static List<String> threads(Path folder) throws IOException {
        Path dump = folder.resolve("threads.json");
        Files.deleteIfExists(dump);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        try (var lines = Files.lines(dump)) {
            return lines.filter(l -> l.contains("\"name\": \"sandbox-")).map(String::strip).toList();
        }
    }

    @Test
    void aHundredTogglesLeaveNoThreadAndNoSocketBehind(@TempDir Path data) throws IOException {
        int port;
        try (Sandbox sandbox = Sandbox.start(RunningSandbox.settings(data))) {
            Visitor visitor = Visitor.of(sandbox).waitingAtMost(Duration.ofMillis(20));
            toggle(sandbox, visitor, Faults.ALL);
            await().until(() -> sandbox.connections() == 0);
            long files = files();
            int threads = threads(data).size();
            assertThat(threads).isPositive(); // else the dump is not read rightly, and the counts below say nothing

            for (int i = 0; i < 100; i++) {
                toggle(sandbox, visitor, List.of(Faults.ALL.get(i % Faults.ALL.size())));
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> sandbox.connections() == 0);
            await().atMost(Duration.ofSeconds(10)).until(() -> threads(data).size() <= threads);
            await().atMost(Duration.ofSeconds(10)).until(() -> files() <= files + 2);

            assertThat(Visitor.of(sandbox).get(Visitor.gateway(sandbox, Region.AP, "/health")).status())
                    .isEqualTo(200);
            port = sandbox.port(Region.EU);
            Visitor.of(sandbox).turn(sandbox, "gateway-down", true); // closing must also give up a port that is down
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(threads(data)).isEmpty());
        assertThat(catchThrowable(() -> new Socket(Loopback.ADDRESS, port).close())).isInstanceOf(ConnectException.class);
    }

    private static void toggle(Sandbox sandbox, Visitor visitor, List<Fault> faults) throws IOException {
        Visitor patient = visitor.waitingAtMost(Duration.ofSeconds(5));
        for (Fault fault : faults) {
            patient.turn(sandbox, fault.id(), true);
            for (Region region : Region.values()) { // a visit that may well fail, which is not the point
                Throwable _ = catchThrowable(() -> visitor.get(Visitor.gateway(sandbox, region, "/health")));
            }
            patient.turn(sandbox, fault.id(), false);
        }
    }

    @Test
    void theSandboxStartsAgainAndAgain(@TempDir Path data) throws IOException {
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            try (Sandbox sandbox = Sandbox.start(RunningSandbox.settings(data))) {
                assertThat(Visitor.of(sandbox).get(Visitor.gateway(sandbox, Region.EU, "/health")).status())
                        .isEqualTo(200);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }
}
