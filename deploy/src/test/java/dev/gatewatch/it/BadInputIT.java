package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's mistakes and a machine's bad days: a clear message and exit code 2 (or 1 from check-config), never a stack trace. */
class BadInputIT {
    private static final String MINIMAL =
            """
            server: {listen: "127.0.0.1:%d"}
            store: {url: "sqlite:%s"}
            probes:
              - {name: site, type: http, url: "http://127.0.0.1:1/"}
            """;

    @TempDir
    Path folder;

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ended = run(MINIMAL.formatted(taken.getLocalPort(), folder.resolve("g.db")));

            assertThat(ended.exit()).isEqualTo(2);
            assertThat(ended.err()).contains("127.0.0.1:" + taken.getLocalPort());
            assertNoStackTrace(ended);
        }
    }

    @Test
    void aDataFolderThatCannotBeMadeIsNamed() throws Exception {
        Files.writeString(folder.resolve("file"), "in the way");
        var ended = run(MINIMAL.formatted(0, folder.resolve("file/data/g.db")));

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.err()).contains(folder.resolve("file").toString());
        assertNoStackTrace(ended);
    }

    @Test
    void aFileThatIsNoDatabaseIsNamedAndLeftAlone() throws Exception {
        Path file = folder.resolve("notes.txt");
        Files.writeString(file, "my notes, not a database\n".repeat(100));
        var ended = run(MINIMAL.formatted(0, file));

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.err()).contains(file.toString());
        assertThat(file).content().startsWith("my notes");
        assertNoStackTrace(ended);
    }

    @Test
    void aConfigurationOfTenMegabytesIsRefusedInWords() throws Exception {
        var text = new StringBuilder("probes:\n");
        for (int i = 0; text.length() < 10 << 20; i++) {
            text.append("  - {name: p").append(i).append(", type: http, url: \"http://127.0.0.1:1/\"}\n");
        }
        var ended = check(text.toString().getBytes(StandardCharsets.UTF_8));

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.out() + ended.err()).contains("MB");
        assertNoStackTrace(ended);
    }

    @Test
    void aFileThatIsNotUtf8IsRefusedInWords() throws Exception {
        byte[] latin = "location: Zürich\n".getBytes(StandardCharsets.ISO_8859_1);
        var ended = check(latin);

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.out() + ended.err()).contains("UTF-8");
        assertNoStackTrace(ended);
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        var ended = GatewatchProcess.command(folder, "run", "--config", "nowhere.yml");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.err()).contains("nowhere.yml");
        assertNoStackTrace(ended);
    }

    @Test
    void aFullDiskAtStartIsSaidInWords() throws Exception {
        try (var disk = SmallDisk.mount(folder.resolve("disk"), "256k")) {
            fill(disk.path().resolve("ballast"));
            var ended = run(MINIMAL.formatted(0, disk.path().resolve("data/g.db")));

            assertThat(ended.exit()).isEqualTo(2);
            assertThat(ended.err()).containsIgnoringCase("full").contains(disk.path().toString());
            assertNoStackTrace(ended);
        }
    }

    @Test
    void aDiskThatFillsUpIsSaidAndTheDaemonCatchesUpWhenThereIsRoom() throws Exception {
        try (var disk = SmallDisk.mount(folder.resolve("disk"), "6m");
                var target = new FlakyTarget();
                var gatewatch = GatewatchProcess.run(
                        folder,
                        """
                        server: {listen: "@listen@"}
                        store: {url: "sqlite:%s"}
                        probes:
                          - {name: site, type: http, url: "%s", interval: 1s}
                        """
                                .formatted(disk.path().resolve("g.db"), target.url("/")))) {
            gatewatch.awaitReady();
            Path ballast = disk.path().resolve("ballast");
            fill(ballast);
            Patience.await("not ready, with the reason").untilAsserted(() -> {
                assertThat(gatewatch.status("/-/ready")).isEqualTo(503);
                assertThat(gatewatch.output()).containsIgnoringCase("full");
            });
            assertThat(gatewatch.isAlive()).isTrue();
            Files.delete(ballast);
            Patience.await("ready again").until(() -> gatewatch.status("/-/ready") == 200);
        }
    }

    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException _) {
            // full, as wanted
        }
    }

    private GatewatchProcess.Ended run(String configuration) throws Exception {
        Path config = folder.resolve("gatewatch.yml");
        Files.writeString(config, configuration);
        return GatewatchProcess.command(folder, Map.of(), "run", "--config", config.toString());
    }

    private GatewatchProcess.Ended check(byte[] configuration) throws Exception {
        Path config = folder.resolve("gatewatch.yml");
        Files.write(config, configuration);
        return GatewatchProcess.command(folder, "check-config", config.toString());
    }

    private static void assertNoStackTrace(GatewatchProcess.Ended ended) {
        assertThat(ended.out() + ended.err()).doesNotContain("\tat ").doesNotContain("Exception");
    }

    /** A file system of its own in memory, so that a full disk is really full. */
    private record SmallDisk(Path path) implements AutoCloseable {
        static SmallDisk mount(Path path, String size) throws IOException, InterruptedException {
            Files.createDirectories(path);
            var mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Assumptions.assumeTrue(mount.waitFor() == 0, "mounting a tmpfs needs root; run as root to test a full disk");
            return new SmallDisk(path);
        }

        @Override
        public void close() throws IOException {
            new ProcessBuilder("umount", "-l", path.toString()).start().onExit().join();
        }
    }
}
