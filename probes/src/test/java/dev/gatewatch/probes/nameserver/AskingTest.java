package dev.gatewatch.probes.nameserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Waiting;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.tls.TlsSettings;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** One question to peers written by hand, most of them hostile. */
class AskingTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final InetAddress GOOD = InetAddress.ofLiteral("203.0.113.10");
    private static final InetAddress FORGED = InetAddress.ofLiteral("198.51.100.66");

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    /** What a peer sends before the right answer, and must not be believed. */
    enum Forgery {
        WRONG_ID {
            @Override
            Message of(Message query) {
                Message m = answering(query, FORGED);
                m.getHeader().setID(query.getHeader().getID() ^ 1);
                return m;
            }
        },
        ANOTHER_NAME {
            @Override
            Message of(Message query) {
                return toAnother(query, "other.example.", Type.A);
            }
        },
        ANOTHER_TYPE {
            @Override
            Message of(Message query) {
                return toAnother(query, "pay.example.", Type.AAAA);
            }
        },
        NO_QUESTION {
            @Override
            Message of(Message query) {
                Message m = answering(query, FORGED);
                m.removeAllRecords(Section.QUESTION);
                return m;
            }
        },
        A_QUESTION {
            @Override
            Message of(Message query) {
                Message m = answering(query, FORGED);
                m.getHeader().unsetFlag(Flags.QR);
                return m;
            }
        };

        abstract Message of(Message query);

        private static Message toAnother(Message query, String name, int type) {
            Message m = answering(query, FORGED);
            m.removeAllRecords(Section.QUESTION);
            m.addRecord(org.xbill.DNS.Record.newRecord(AskingTest.name(name), type, DClass.IN), Section.QUESTION);
            return m;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotFitTheQuestionIsNotBelievedAndWaitingGoesOn(Forgery forgery) throws Exception {
        NameServer server = udp((socket, query, from) -> {
            send(socket, forgery.of(query).toWire(), from);
            send(socket, answering(query, GOOD).toWire(), from);
        });

        Reply.Answer answer = answer(ask(server, AMPLE));

        assertThat(address(answer)).isEqualTo(GOOD);
        assertThat(answer.ignored()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatDoesNotFitIsATimeoutThatSaysSo(Forgery forgery) throws Exception {
        Failure failure = failure(ask(udp((socket, query, from) -> send(socket, forgery.of(query).toWire(), from)), Duration.ofMillis(100)));

        assertThat(failure.cause()).isEqualTo(Cause.DNS_TIMEOUT);
        assertThat(failure.message()).contains("ignored, the last ");
    }

    @Test
    void anAnswerFromAnotherSenderIsNotBelieved() throws Exception {
        var stranger = keep(new DatagramSocket(new InetSocketAddress("127.0.0.1", 0)));
        NameServer server = udp((_, query, from) -> send(stranger, answering(query, FORGED).toWire(), from));

        assertThat(failure(ask(server, SHORT)).cause()).isEqualTo(Cause.DNS_TIMEOUT);
    }

    @Test
    void aFloodOfForgeriesEndsByTheDeadline() throws Exception {
        NameServer server = udp((socket, query, from) -> {
            for (int i = 0; i < 20_000 && !socket.isClosed(); i++) {
                send(socket, Forgery.WRONG_ID.of(query).toWire(), from);
            }
        });
        var deadline = Deadline.after(SHORT);

        assertThat(failure(Asking.ask(server, query(), DnsServers.ACCESS, deadline, Instant.EPOCH)).cause())
                .isEqualTo(Cause.DNS_TIMEOUT);
        assertThat(deadline.elapsed()).isLessThan(SHORT.plusSeconds(1));
    }

    @Test
    void aLostQuestionIsSentAgain() throws Exception {
        var asked = new AtomicInteger();
        NameServer server = udp((socket, query, from) -> {
            if (asked.incrementAndGet() > 1) {
                send(socket, answering(query, GOOD).toWire(), from);
            }
        });

        assertThat(answer(ask(server, Duration.ofSeconds(2))).repeated()).isEqualTo(1);
    }

    @Test
    void aCompressionLoopCannotBeUnderstood() throws Exception {
        Failure failure = failure(ask(udp((socket, query, from) -> {
            byte[] wire = Arrays.copyOf(answering(query, GOOD).toWire(), 64);
            wire[12] = (byte) 0xc0; // the question's name points at itself
            wire[13] = 12;
            send(socket, wire, from);
        }), AMPLE));

        assertThat(failure.cause()).isEqualTo(Cause.DNS_MISMATCH);
        assertThat(failure.message()).startsWith("the answer cannot be understood");
    }

    @Test
    void everyShortenedAndEveryChangedAnswerEndsInACause() throws Exception {
        Message query = query().message(7);
        byte[] whole = answering(query, GOOD).toWire();
        for (int length = 0; length < whole.length; length++) {
            assertThat(Packet.read(Arrays.copyOf(whole, length), query)).isNotInstanceOf(Packet.Fitting.class);
        }
        for (int at = 2; at < whole.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[at] = (byte) value;
                assertThat(Packet.read(changed, query)).isNotNull();
            }
        }
    }

    @Test
    void aRecordCountBeyondWhatCameIsNotBelieved() {
        Message query = query().message(7);
        byte[] wire = answering(query, GOOD).toWire();
        wire[6] = (byte) 0xff;
        wire[7] = (byte) 0xff;

        assertThat(Packet.read(wire, query)).isInstanceOf(Packet.Garbled.class);
    }

    @Test
    void aServerWithoutEdnsIsAskedInTheOldForm() throws Exception {
        NameServer server = udp((socket, query, from) -> {
            if (query.getOPT() == null) {
                send(socket, answering(query, GOOD).toWire(), from);
            } else {
                Message m = reply(query);
                m.removeAllRecords(Section.ADDITIONAL);
                m.getHeader().setRcode(Rcode.FORMERR);
                send(socket, m.toWire(), from);
            }
        });

        assertThat(address(answer(ask(server, AMPLE)))).isEqualTo(GOOD);
    }

    @Test
    void aTruncatedAnswerIsNeverTakenForAWholeOne() throws Exception {
        // half an address comes by datagram; nobody listens for connections
        Failure failure = failure(ask(udp(AskingTest::truncated), AMPLE));

        assertThat(failure.cause()).isEqualTo(Cause.CONNECT_REFUSED);
        assertThat(failure.message()).startsWith("its answer is truncated, and it cannot be had over TCP");
    }

    private static void truncated(DatagramSocket socket, Message query, InetSocketAddress from) throws IOException {
        Message m = answering(query, FORGED);
        m.getHeader().setFlag(Flags.TC);
        byte[] wire = m.toWire();
        send(socket, Arrays.copyOf(wire, wire.length - 2), from);
    }

    /** What may come over a connection instead of an answer, and what it is. */
    enum Stream {
        NOTHING(Cause.DNS_TIMEOUT) {
            @Override
            void speak(Socket socket, byte[] answer) throws IOException {
                drain(socket);
            }
        },
        GOODBYE(Cause.CONNECTION_RESET) {
            @Override
            void speak(Socket socket, byte[] answer) {}
        },
        HALF(Cause.CONNECTION_RESET) {
            @Override
            void speak(Socket socket, byte[] answer) throws IOException {
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer, 0, answer.length / 2);
            }
        },
        TOO_SHORT_TO_BE_ANY(Cause.DNS_MISMATCH) {
            @Override
            void speak(Socket socket, byte[] answer) throws IOException {
                new DataOutputStream(socket.getOutputStream()).write(new byte[] {0, 2, 1, 2});
            }
        },
        LONG_GARBAGE(Cause.DNS_MISMATCH) {
            @Override
            void speak(Socket socket, byte[] answer) throws IOException {
                byte[] bytes = Arrays.copyOf(answer, 65_535);
                bytes[6] = (byte) 0xff;
                Arrays.fill(bytes, answer.length, bytes.length, (byte) 0xc0);
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(bytes.length);
                out.write(bytes);
            }
        },
        A_BYTE_NOW_AND_THEN(Cause.DNS_TIMEOUT) {
            @Override
            void speak(Socket socket, byte[] answer) throws IOException {
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                for (byte b : answer) {
                    out.write(b);
                    out.flush();
                    java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                }
            }
        },
        STILL_TRUNCATED(Cause.DNS_MISMATCH) {
            @Override
            void speak(Socket socket, byte[] answer) throws IOException {
                answer[2] |= 0x02;
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
            }
        };

        private final Cause cause;

        Stream(Cause cause) {
            this.cause = cause;
        }

        abstract void speak(Socket socket, byte[] answer) throws IOException;

        private static void drain(Socket socket) throws IOException {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatGoesWrongOverAConnectionHasItsCause(Stream stream) throws Exception {
        NameServer server = tcp(stream::speak);
        Duration timeout = stream.cause == Cause.DNS_TIMEOUT ? SHORT : AMPLE;

        assertThat(failure(ask(server, timeout)).cause()).isEqualTo(stream.cause);
    }

    @Test
    void theNextAddressOfAServerIsAskedWhereOneIsSilent() throws Exception {
        var hole = keep(new DatagramSocket(
                new InetSocketAddress("127.0.0.1", DnsServers.freePort("127.0.0.1", "127.0.0.2"))));
        var live = keep(new DatagramSocket(new InetSocketAddress("127.0.0.2", hole.getLocalPort())));
        serve(live, (socket, query, from) -> send(socket, answering(query, GOOD).toWire(), from));
        Resolver both = (_, _) -> new Resolver.Resolved(
                List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.2")), Duration.ZERO);

        Reply reply = Asking.ask(
                NameServer.udp("ns.example", hole.getLocalPort()),
                query(),
                DnsServers.ACCESS.by(both),
                Deadline.after(Duration.ofSeconds(1)),
                Instant.EPOCH);

        assertThat(answer(reply).at().getAddress().getHostAddress()).isEqualTo("127.0.0.2");
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatMayNotBeProbedGetsNoPacket(Transport transport) throws Exception {
        var socket = keep(new DatagramSocket(new InetSocketAddress("127.0.0.1", DnsServers.freePort("127.0.0.1"))));
        var listener = keep(new ServerSocket(socket.getLocalPort(), 1, InetAddress.getLoopbackAddress()));
        TargetPolicy policy = dev.gatewatch.kit.Sections.read(
                TargetPolicy.TYPE, java.util.Map.of("deny", List.of("127.0.0.0/8")));
        var access = new Access(Resolver.system(), policy, IpFamily.ANY, TlsSettings.standard(), Optional.empty());

        Reply reply = Asking.ask(
                NameServer.udp("127.0.0.1", socket.getLocalPort()).over(transport), query(), access, Deadline.after(AMPLE), Instant.EPOCH);

        assertThat(failure(reply).cause()).isEqualTo(Cause.TARGET_FORBIDDEN);
        socket.setSoTimeout(1);
        listener.setSoTimeout(1);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> socket.receive(new DatagramPacket(new byte[1], 1))))
                .isInstanceOf(java.net.SocketTimeoutException.class);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(listener::accept))
                .isInstanceOf(java.net.SocketTimeoutException.class);
    }

    @Test
    void aServerIsAskedFromTheAddressThatIsConfigured() throws Exception {
        var seen = new CompletableFuture<InetAddress>();
        NameServer server = udp((socket, query, from) -> {
            seen.complete(from.getAddress());
            send(socket, answering(query, GOOD).toWire(), from);
        });
        var access = DnsServers.ACCESS.with(
                IpFamily.ANY, TlsSettings.standard(), Optional.of(InetAddress.ofLiteral("127.0.0.7")));

        answer(Asking.ask(server, query(), access, Deadline.after(AMPLE), Instant.EPOCH));

        assertThat(seen.get(1, TimeUnit.SECONDS).getHostAddress()).isEqualTo("127.0.0.7");
    }

    @ParameterizedTest
    @CsvSource({"::1, UDP, it cannot be asked from", "203.0.113.1, UDP, no address to reach", "203.0.113.1, TCP, no address to reach",
        "203.0.113.1, HTTPS, no address to reach"})
    void anAddressToAskFromThatDoesNotFitIsOurOwnFault(String source, Transport transport, String message) throws Exception {
        var access = DnsServers.ACCESS.with(
                IpFamily.ANY, TlsSettings.standard(), Optional.of(InetAddress.ofLiteral(source)));

        Failure failure = failure(Asking.ask(
                udp((_, _, _) -> {}).over(transport), query(), access, Deadline.after(AMPLE), Instant.EPOCH));

        assertThat(failure.cause()).isEqualTo(Cause.LOCAL_NETWORK);
        assertThat(failure.message()).contains(message);
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void anInterruptEndsTheWait(Transport transport) throws Exception {
        NameServer server = transport == Transport.UDP ? udp((_, _, _) -> {}) : tcp(Stream.NOTHING::speak);
        var ended = new CompletableFuture<Throwable>();
        Thread asker = Thread.ofVirtual().start(() -> {
            try {
                Asking.ask(server, query(), DnsServers.ACCESS, Deadline.after(Duration.ofMinutes(5)), Instant.EPOCH);
                ended.complete(new AssertionError("answered"));
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        var going = EnumSet.of(Thread.State.NEW, Thread.State.RUNNABLE);
        Waiting.await().until(() -> !going.contains(asker.getState()));

        asker.interrupt();

        assertThat(ended.get(3, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
    }

    // --- peers

    @FunctionalInterface
    private interface UdpPeer {
        void answer(DatagramSocket socket, Message query, InetSocketAddress from) throws IOException;
    }

    @FunctionalInterface
    private interface TcpPeer {
        void answer(Socket socket, byte[] answer) throws IOException;
    }

    private NameServer udp(UdpPeer peer) throws IOException {
        var socket = keep(new DatagramSocket(new InetSocketAddress("127.0.0.1", 0)));
        serve(socket, peer);
        return NameServer.udp("127.0.0.1", socket.getLocalPort());
    }

    private static void serve(DatagramSocket socket, UdpPeer peer) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var packet = new DatagramPacket(new byte[2_048], 2_048);
                    socket.receive(packet);
                    var query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                    peer.answer(socket, query, (InetSocketAddress) packet.getSocketAddress());
                }
            } catch (IOException _) {
                // closed
            }
        });
    }

    private NameServer tcp(TcpPeer peer) throws IOException {
        var listener = keep(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    var in = new java.io.DataInputStream(socket.getInputStream());
                    byte[] query = in.readNBytes(in.readUnsignedShort());
                    peer.answer(socket, answering(new Message(query), GOOD).toWire());
                } catch (IOException _) {
                    // closed, or the asker went away
                }
            }
        });
        return NameServer.udp("127.0.0.1", listener.getLocalPort()).over(Transport.TCP);
    }

    private <T extends AutoCloseable> T keep(T one) {
        open.add(one);
        return one;
    }

    private static Query query() {
        return Query.of(name("pay.example."), Type.A);
    }

    private static Reply ask(NameServer server, Duration timeout) throws IOException {
        return Asking.ask(server, query(), DnsServers.ACCESS, Deadline.after(timeout), Instant.EPOCH);
    }

    private static Reply.Answer answer(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Answer.class);
        return (Reply.Answer) reply;
    }

    private static Failure failure(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Silence.class);
        return ((Reply.Silence) reply).failure();
    }

    private static InetAddress address(Reply.Answer answer) {
        return ((ARecord) answer.message().getSection(Section.ANSWER).getFirst()).getAddress();
    }

    private static void send(DatagramSocket socket, byte[] bytes, InetSocketAddress to) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static Message reply(Message query) {
        var m = new Message(query.getHeader().getID());
        m.getHeader().setFlag(Flags.QR);
        m.addRecord(query.getQuestion(), Section.QUESTION);
        return m;
    }

    private static Message answering(Message query, InetAddress address) {
        Message m = reply(query);
        m.addRecord(new ARecord(query.getQuestion().getName(), DClass.IN, 60, address), Section.ANSWER);
        return m;
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text);
        } catch (org.xbill.DNS.TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
