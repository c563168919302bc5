package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WitnessTest {
    private static final Report FAILED = Report.builder()
            .phase("connect", Duration.ofSeconds(1))
            .evidence("packets", "3 sent")
            .fail(Cause.CONNECT_TIMEOUT, "no answer within 1s")
            .build();

    private static Witness witness(HostPort... targets) {
        return new Witness(new WitnessSettings(List.of(targets), Duration.ofMillis(300)));
    }

    private static HostPort at(ServerSocket server) {
        return new HostPort("127.0.0.1", server.getLocalPort());
    }

    /** A listener that accepts nobody and whose queue is full: what connects gets no answer, as behind a dead line. */
    private static final class DeadLine implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> filling = new ArrayList<>();

        private DeadLine() throws IOException {
            for (int i = 0; i < 3; i++) {
                var socket = new Socket();
                filling.add(socket);
                try {
                    socket.connect(server.getLocalSocketAddress(), 100);
                } catch (IOException _) {
                    return; // full
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : filling) {
                socket.close();
            }
            server.close();
        }
    }

    @Test
    void aFailureStandsWhileAWitnessAnswers() throws Exception {
        try (var dead = new DeadLine();
                var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(witness(at(dead.server), at(server)).heard(FAILED, System.nanoTime())).isSameAs(FAILED);
        }
    }

    @Test
    void aRefusalIsAnAnswerToo() throws Exception {
        HostPort closed;
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            closed = at(server);
        }
        assertThat(witness(closed).heard(FAILED, System.nanoTime())).isSameAs(FAILED);
    }

    @Test
    void withSilentWitnessesAFailureIsOurOwnAndKeepsWhatTheRunSaw() throws Exception {
        try (var dead = new DeadLine()) {
            Report report = witness(at(dead.server)).heard(FAILED, System.nanoTime());

            assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
            assertThat(report.cause()).contains(Cause.LOCAL_NETWORK);
            assertThat(report.message()).contains("own network is down", at(dead.server).toString());
            assertThat(report.facts()).containsEntry(WitnessSettings.SILENT, Fact.of(true));
            assertThat(report.phases()).isEqualTo(FAILED.phases());
            assertThat(report.evidence().toString()).contains("3 sent", "connect_timeout: no answer within 1s");
        }
    }

    @Test
    void nobodyIsAskedAboutWhatDidNotFail() throws Exception {
        try (var dead = new DeadLine()) {
            Report passed = Report.builder().build();
            Report broken = Report.builder().broken(Cause.NO_PERMISSION, "no").build();

            assertThat(witness(at(dead.server)).heard(passed, System.nanoTime())).isSameAs(passed);
            assertThat(witness(at(dead.server)).heard(broken, System.nanoTime())).isSameAs(broken);
            assertThat(witness().heard(FAILED, System.nanoTime())).as("no witnesses").isSameAs(FAILED);
        }
    }

    @Test
    void aHundredFailuresAtOnceShareARound() throws Exception {
        var asked = new AtomicInteger();
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        server.accept().close();
                        asked.incrementAndGet();
                    }
                } catch (IOException _) {
                    // closed
                }
            });
            Witness witness = witness(at(server));
            long start = System.nanoTime();
            var heard = new ArrayList<Future<Report>>();
            for (int i = 0; i < 100; i++) {
                heard.add(threads.submit(() -> witness.heard(FAILED, start)));
            }
            for (Future<Report> report : heard) {
                assertThat(report.get()).isSameAs(FAILED);
            }
        }
        assertThat(asked).hasValueLessThan(5);
    }
}
