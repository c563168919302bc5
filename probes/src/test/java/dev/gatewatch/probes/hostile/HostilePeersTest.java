package dev.gatewatch.probes.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probes.net.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Every way in which a peer can be hostile, all at once against one small daemon. */
final class HostilePeersTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** So long that a run that takes all of its time is over before the next is due. */
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    /** Between the deadline and the end of a run, on a busy machine. */
    private static final Duration GRACE = Duration.ofMillis(700);

    @TempDir
    private Path folder;

    /** With a heap of 96 MB, of which one revocation list alone takes 20. */
    @Test
    void allAtOnceEachEndsInItsCauseInTimeAndAHealthyProbeIsUndisturbed() throws Exception {
        Queue<SmallDaemon.Ran> runs = new ConcurrentLinkedQueue<>();
        try (HostilePeers peers = HostilePeers.start(folder);
                LocalServer healthy = LocalServer.start(socket -> {
                    socket.getInputStream().read(new byte[4_096]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"UP\"}".getBytes(StandardCharsets.US_ASCII));
                })) {
            Process daemon = daemon(peers, healthy);
            try (BufferedReader lines = daemon.inputReader(StandardCharsets.UTF_8)) {
                Thread reader = Thread.ofVirtual().start(() -> read(lines, runs));
                Waiting.await()
                        .until(() -> !daemon.isAlive()
                                || peers.meetings().stream().allMatch(m -> of(m.name(), runs).size() >= 2));
                daemon.getOutputStream().close();
                reader.join();
            } finally {
                daemon.destroyForcibly();
                daemon.waitFor();
            }
            assertThat(daemon.exitValue())
                    .as(() -> "the daemon ended by itself: " + errors())
                    .isZero();
            assertThat(peers.meetings())
                    .allSatisfy(meeting -> assertThat(of(meeting.name(), runs))
                            .isNotEmpty()
                            .allSatisfy(run -> {
                                assertThat(run.outcome()).isEqualTo(Outcome.FAIL.toString());
                                assertThat(meeting.causes()).contains(Cause.valueOf(run.cause()));
                                assertThat(run.tookMs()).isLessThan(TIMEOUT.plus(GRACE).toMillis());
                            }));
        }
        List<SmallDaemon.Ran> undisturbed = of("healthy", runs);
        assertThat(undisturbed).hasSizeGreaterThan(4).allSatisfy(run -> {
            assertThat(run.outcome()).as(run.toString()).isEqualTo(Outcome.PASS.toString());
            assertThat(run.latenessMs()).as(run.toString()).isLessThan(1_000);
        });
        assertThat(errors()).doesNotContain("OutOfMemoryError", "StackOverflowError");
    }

    private Process daemon(HostilePeers peers, LocalServer healthy) throws IOException {
        var probes = new ArrayList<SmallDaemon.Probe>();
        for (HostilePeers.Meeting meeting : peers.meetings()) {
            probes.add(new SmallDaemon.Probe(meeting.name(), meeting.type(), INTERVAL.toMillis(), TIMEOUT.toMillis(), meeting.config()));
        }
        probes.add(new SmallDaemon.Probe(
                "healthy",
                "http",
                1_000,
                1_000,
                Map.of("url", "http://" + healthy.address() + "/", "expect", Map.of("json", Map.of("$.status", "UP")))));
        Files.writeString(folder.resolve("probes.json"), JSON.writeValueAsString(probes));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallDaemon.class.getName(),
                        folder.toString())
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    private static void read(BufferedReader lines, Queue<SmallDaemon.Ran> runs) {
        lines.lines().filter(line -> line.startsWith("{")).map(line -> JSON.readValue(line, SmallDaemon.Ran.class)).forEach(runs::add);
    }

    private static List<SmallDaemon.Ran> of(String name, Queue<SmallDaemon.Ran> runs) {
        return runs.stream().filter(r -> r.name().equals(name)).toList();
    }

    private String errors() {
        try {
            return Files.readString(folder.resolve("errors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
