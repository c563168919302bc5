package dev.gatewatch.probes.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** HTTP/2 peers that give up, frame by frame (RFC 9113). */
final class Http2WireTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int END_HEADERS = 4;

    /** The client's first stream, by OkHttp's counting. */
    private static final int STREAM = 3;

    /** {@code :status: 200}, from HPACK's static table. */
    private static final byte[] STATUS_200 = {(byte) 0x88};

    @Test
    void aGoawayBeforeTheRequestWasSeenIsConnectionReset() throws Exception {
        Report report = probe(out -> frame(out, GOAWAY, 0, 0, bytes(0, 0)));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECTION_RESET);
        assertThat(report.message()).startsWith("the server gave up the HTTP/2 stream");
    }

    @Test
    void aStreamThatIsRefusedIsConnectionReset() throws Exception {
        Report report = probe(out -> frame(out, RST_STREAM, 0, STREAM, bytes(7)));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECTION_RESET);
        assertThat(report.message()).isEqualTo("the server gave up the HTTP/2 stream: stream was reset: REFUSED_STREAM");
    }

    @Test
    void aStreamThatIsResetWithinTheBodyIsConnectionReset() throws Exception {
        Report report = probe(out -> {
            frame(out, HEADERS, END_HEADERS, STREAM, STATUS_200);
            frame(out, DATA, 0, STREAM, "half".getBytes(StandardCharsets.US_ASCII));
            frame(out, RST_STREAM, 0, STREAM, bytes(2));
        });

        assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECTION_RESET);
        assertThat(report.message()).startsWith("the peer cut the connection within the body: ");
    }

    @Test
    void aConnectionThatEndsBeforeTheAnswerIsConnectionReset() throws Exception {
        Report report = probe(_ -> {
            throw new IOException("close");
        });

        assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECTION_RESET);
    }

    @Test
    void framesThatBreakTheRulesAreSaid() throws Exception {
        Report report = probe(out -> {
            frame(out, HEADERS, END_HEADERS, STREAM, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
        });

        assertThat(report.cause().orElseThrow()).as(report.toString()).isIn(Cause.CONNECTION_RESET, Cause.HTTP_VERSION);
    }

    @Test
    void anotherProtocolIsSaid() throws Exception {
        try (var server = LocalServer.start(socket -> {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            LocalServer.drain(socket);
        })) {
            Report report = run(server);

            assertThat(report.cause().orElseThrow()).as(report.toString()).isIn(Cause.CONNECTION_RESET, Cause.HTTP_VERSION);
        }
    }

    @Test
    void endlessPingsEndAtTheDeadline() throws Exception {
        long start = System.nanoTime();

        Report report = probe(out -> {
            while (true) {
                frame(out, PING, 0, 0, new byte[8]);
            }
        });

        assertThat(report.cause()).as(report.toString()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    /** What a server says after it has seen the request. */
    @FunctionalInterface
    private interface Says {
        void to(OutputStream out) throws IOException;
    }

    private static Report probe(Says says) throws Exception {
        try (var server = LocalServer.start(socket -> {
            greet(socket);
            says.to(socket.getOutputStream());
            LocalServer.drain(socket);
        })) {
            return run(server);
        }
    }

    private static Report run(LocalServer server) throws Exception {
        return Probing.run(
                Probing.config("http://" + server.address() + "/", Map.of("http_version", "2")), Duration.ofSeconds(1));
    }

    /** Reads the preface and frames up to the request's headers. */
    private static void greet(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        in.skipNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
        frame(socket.getOutputStream(), SETTINGS, 0, 0, new byte[0]);
        int type = -1;
        while (type != HEADERS) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            type = in.readUnsignedByte();
            in.skipNBytes(5L + length);
        }
    }

    private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {
            (byte) (payload.length >> 16), (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags
        });
        frame.writeBytes(bytes(stream));
        frame.writeBytes(payload);
        out.write(frame.toByteArray());
        out.flush();
    }

    private static byte[] bytes(int... words) {
        var out = new ByteArrayOutputStream();
        for (int word : words) {
            out.writeBytes(new byte[] {(byte) (word >> 24), (byte) (word >> 16), (byte) (word >> 8), (byte) word});
        }
        return out.toByteArray();
    }
}
