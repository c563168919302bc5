package dev.gatewatch.probes.nativenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.kit.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets that need no privilege, over loopback. */
class NativeSocketTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);

    @BeforeEach
    void onlyWhereThereAreSuchSockets() {
        Assumptions.assumeTrue(NativeNet.missing().isEmpty(), NativeNet.missing().orElse(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aPacketGoesThereAndBackWithItsHopLimit(String address) throws Exception {
        InetAddress loopback = InetAddress.ofLiteral(address);
        try (var peer = new DatagramSocket(new InetSocketAddress(loopback, 0));
                var socket = NativeSocket.open(NativeSocket.Kind.UDP, Family.of(loopback))) {
            socket.hopLimit(33);
            socket.connect(new InetSocketAddress(loopback, peer.getLocalPort()));
            assertThat(socket.receive()).isEmpty();
            long sent = System.nanoTime();
            socket.send("there".getBytes(StandardCharsets.UTF_8));
            var request = new DatagramPacket(new byte[100], 100);
            peer.receive(request);
            peer.send(new DatagramPacket("and back".getBytes(StandardCharsets.UTF_8), 8, request.getSocketAddress()));

            assertThat(socket.awaitReadable(AMPLE)).isTrue();
            Packet packet = socket.receive().orElseThrow();

            assertThat(new String(packet.bytes(), StandardCharsets.UTF_8)).isEqualTo("and back");
            assertThat(packet.hopLimit()).hasValue(64);
            assertThat(packet.atNanos()).isBetween(sent, System.nanoTime());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aPortWhereNobodyListensAnswersInTheErrorQueue(String address) throws Exception {
        InetAddress loopback = InetAddress.ofLiteral(address);
        int port;
        try (var closed = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            port = closed.getLocalPort();
        }
        try (var socket = NativeSocket.open(NativeSocket.Kind.UDP, Family.of(loopback))) {
            socket.connect(new InetSocketAddress(loopback, port));
            socket.send(new byte[] {1, 2, 3});

            assertThat(socket.awaitReadable(AMPLE)).isTrue();
            SocketError error = socket.receiveError().orElseThrow();

            assertThat(error.answer()).isEqualTo(SocketError.Answer.REFUSED);
            assertThat(error.from()).contains(loopback);
            assertThat(error.errno()).isEqualTo(Errno.ECONNREFUSED);
            assertThat(error.about()).containsExactly(1, 2, 3);
            assertThat(error.words()).isEqualTo("has nothing at the port");
            assertThat(socket.receiveError()).isEmpty();
        }
    }

    @Test
    void aConnectionAttemptTellsHowItEnded() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(connect(port)).isZero();
        }
        assertThat(connect(port)).isEqualTo(Errno.ECONNREFUSED);
    }

    private static int connect(int port) throws IOException {
        try (var socket = NativeSocket.open(NativeSocket.Kind.TCP, Family.IP4)) {
            if (!socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port))) {
                assertThat(socket.awaitConnected(AMPLE)).isTrue();
            }
            return socket.pendingError();
        } catch (NativeException e) {
            return e.errno();
        }
    }

    @Test
    void aFailedCallTellsWhy() throws Exception {
        try (var socket = NativeSocket.open(NativeSocket.Kind.UDP, Family.IP4)) {
            assertThatThrownBy(() -> socket.bind(InetAddress.ofLiteral("192.0.2.1")))
                    .isInstanceOfSatisfying(NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRNOTAVAIL))
                    .hasMessage("bind: no such address on this machine");
            assertThatThrownBy(() -> socket.hopLimit(300))
                    .isInstanceOfSatisfying(NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
        }
    }

    @Test
    void manyWaitAtOnceOnOneThreadAndCanBeInterrupted() throws Exception {
        var waits = new ArrayList<CompletableFuture<Throwable>>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 100; i++) {
            var ended = new CompletableFuture<Throwable>();
            waits.add(ended);
            threads.add(Thread.ofVirtual().start(() -> {
                try (var socket = NativeSocket.open(NativeSocket.Kind.UDP, Family.IP4)) {
                    socket.awaitReadable(Duration.ofMinutes(5));
                    ended.complete(new AssertionError("nothing was sent"));
                } catch (Throwable e) {
                    ended.complete(e);
                }
            }));
        }
        Waiting.await().until(() -> threads.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING));
        assertThat(Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("packets"))).hasSizeLessThanOrEqualTo(2);

        threads.forEach(Thread::interrupt);

        for (var ended : waits) {
            assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
        }
    }

    @Test
    void thePollersThreadEndsWhenNobodyWaitsAndBeginsAgain() throws Exception {
        var poller = new Poller(Duration.ofMillis(20));
        for (int round = 0; round < 3; round++) {
            try (var socket = NativeSocket.open(NativeSocket.Kind.UDP, Family.IP4);
                    var peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                int descriptor = Libc.socket(Family.IP4.number(), 2 | 0x800, 0);
                assertThat(poller.await(descriptor, Poller.READABLE, Duration.ofMillis(5))).isFalse();
                assertThat(poller.await(descriptor, Poller.WRITABLE, AMPLE)).isTrue();
                Libc.close(descriptor);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), peer.getLocalPort()));
            }
            Waiting.await().until(() -> !poller.running());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.1.2.3", "::1", "2001:db8::ff00:42:8329"})
    void anAddressIsTheSameForTheKernel(String address) {
        InetAddress one = InetAddress.ofLiteral(address);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(SocketAddresses.read(SocketAddresses.of(new InetSocketAddress(one, 443), arena))).contains(one);
            assertThat(SocketAddresses.read(arena.allocate(28))).as("of no family").isEmpty();
            assertThat(SocketAddresses.read(arena.allocate(3))).as("too short").isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 3, 0, UNREACHABLE",
        "2, 3, 1, UNREACHABLE",
        "2, 3, 3, REFUSED",
        "2, 3, 4, TOO_BIG",
        "2, 3, 13, PROHIBITED",
        "2, 11, 0, EXPIRED",
        "2, 12, 0, OTHER",
        "3, 1, 0, UNREACHABLE",
        "3, 1, 1, PROHIBITED",
        "3, 1, 3, UNREACHABLE",
        "3, 1, 4, REFUSED",
        "3, 1, 5, PROHIBITED",
        "3, 1, 6, UNREACHABLE",
        "3, 2, 0, TOO_BIG",
        "3, 3, 0, EXPIRED",
        "3, 4, 0, OTHER",
        "1, 0, 0, TOO_BIG",
        "0, 0, 0, OTHER"
    })
    void icmpMessagesHaveTheirMeaning(int origin, int type, int code, SocketError.Answer answer) {
        assertThat(SocketError.answer(Errno.EMSGSIZE, origin, type, code)).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"Linux, amd64, ''", "Linux, aarch64, ''", "Mac OS X, aarch64, needs Linux", "Linux, sparcv9, needs an x86-64"})
    void whatAMachineLacksIsSaid(String system, String machine, String missing) {
        Optional<String> said = NativeNet.missing(system, machine);

        assertThat(said.isEmpty()).isEqualTo(missing.isEmpty());
        assertThat(said.orElse("")).startsWith(missing);
    }
}
