package dev.gatewatch.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifierTest {
    @TempDir
    Path folder;

    /** The JDK has no datagram sockets in the Unix domain, so the receiving end is a line of Perl, which every Debian has. */
    @Test
    void aServiceManagerHearsThatWeAreReady() throws Exception {
        Path perl = Path.of("/usr/bin/perl");
        Assumptions.assumeTrue(Files.isExecutable(perl), "perl is not installed");
        Path socket = folder.resolve("notify");
        Process receiver = new ProcessBuilder(
                        perl.toString(),
                        "-MIO::Socket::UNIX",
                        "-e",
                        "my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die; $| = 1; print \"listening\\n\";"
                                + " recv($s, my $m, 4096, 0); print $m;",
                        socket.toString())
                .start();
        try (var said = receiver.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo("listening");

            new SystemdNotifier(socket.toString()).ready("watching 3 probes");

            assertThat(said.readLine()).isEqualTo("READY=1");
            assertThat(said.readLine()).isEqualTo("STATUS=watching 3 probes");
        } finally {
            receiver.destroy();
            receiver.waitFor(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void withoutASocketOrWithADeadOneNothingHappens() {
        assertThatCode(() -> {
                    new SystemdNotifier(null).ready("");
                    new SystemdNotifier(folder.resolve("nobody").toString()).ready("");
                    new SystemdNotifier("x".repeat(500)).stopping();
                })
                .doesNotThrowAnyException();
    }
}
