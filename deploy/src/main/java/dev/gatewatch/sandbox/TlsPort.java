package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Authority.Certificate;
import dev.gatewatch.sandbox.Effect.Serves;
import dev.gatewatch.sandbox.Effect.Switch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** The TLS side of the gateway's ports, as the world wants it. Safe for many threads. */
final class TlsPort implements HttpConnection.Transport {
    private static final int RECORD_HEADER = 5;
    private static final int LARGEST_RECORD = 16_384;

    /** Where the version that a client wants at most stands in its first record: after record and handshake header (RFC 2246). */
    private static final int HELLO_VERSION = 9;

    private final World world;
    private final Authority authority;
    private final SecureRandom random = new SecureRandom();

    TlsPort(World world, Authority authority) {
        this.world = world;
        this.authority = authority;
    }

    @Override
    public Socket over(Socket accepted) throws IOException {
        Certificate certificate = world.latest(Serves.class).map(Serves::certificate).orElse(Certificate.VALID);
        SSLSocketFactory factory = authority.serving(certificate);
        SSLSocket socket;
        if (world.on(Switch.WEAK_TLS)) {
            byte[] hello = firstRecord(accepted.getInputStream());
            if (isOld(hello)) {
                greet(accepted, hello);
                throw new IOException("a client of TLS 1.0 was greeted, which is all that it is to see");
            }
            socket = (SSLSocket) factory.createSocket(accepted, new ByteArrayInputStream(hello), true);
        } else {
            socket = (SSLSocket)
                    factory.createSocket(accepted, accepted.getInetAddress().getHostAddress(), accepted.getPort(), true);
        }
        socket.setUseClientMode(false);
        if (world.on(Switch.ONLY_TLS13)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        }
        if (world.on(Switch.WANTS_CLIENT_CERTIFICATE)) {
            socket.setNeedClientAuth(true);
        }
        socket.startHandshake();
        return socket;
    }

    private static byte[] firstRecord(InputStream in) throws IOException {
        byte[] header = in.readNBytes(RECORD_HEADER);
        if (header.length < RECORD_HEADER) {
            return header;
        }
        int length = Math.min(LARGEST_RECORD, ((header[3] & 0xff) << 8) | (header[4] & 0xff));
        byte[] body = in.readNBytes(length);
        byte[] record = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, record, header.length, body.length);
        return record;
    }

    private static boolean isOld(byte[] hello) {
        return hello.length > HELLO_VERSION + 35 && hello[0] == 22 && hello[HELLO_VERSION] == 3 && hello[HELLO_VERSION + 1] == 1;
    }

    /** Says yes to TLS 1.0 and the first suite that the client offers. */
    private void greet(Socket socket, byte[] hello) throws IOException {
        int sessionLength = hello[HELLO_VERSION + 34] & 0xff;
        int suites = HELLO_VERSION + 35 + sessionLength + 2;
        if (hello.length < suites + 2) {
            return;
        }
        byte[] nonce = new byte[32];
        random.nextBytes(nonce);
        var body = ByteBuffer.allocate(2 + 32 + 1 + 2 + 1)
                .put(new byte[] {3, 1})
                .put(nonce)
                .put((byte) 0)
                .put(hello, suites, 2)
                .put((byte) 0)
                .array();
        var record = ByteBuffer.allocate(RECORD_HEADER + 4 + body.length)
                .put(new byte[] {22, 3, 1, 0, (byte) (body.length + 4), 2, 0, 0, (byte) body.length})
                .put(body)
                .array();
        socket.getOutputStream().write(record);
        socket.getOutputStream().flush();
    }
}
