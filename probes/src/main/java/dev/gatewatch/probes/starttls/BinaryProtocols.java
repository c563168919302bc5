package dev.gatewatch.probes.starttls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** How protocols of binary messages start TLS. Pure functions over one conversation. */
final class BinaryProtocols {
    private static final int SSL_REQUEST_CODE = 80_877_103;
    private static final int LARGEST = 16 * 1024;

    /** CLIENT_LONG_PASSWORD, CLIENT_PROTOCOL_41, CLIENT_SSL, CLIENT_SECURE_CONNECTION. */
    private static final int MYSQL_CAPABILITIES = 0x1 | 0x200 | 0x800 | 0x8000;

    private static final int MYSQL_SSL = 0x800;
    private static final byte MYSQL_UTF8 = 33;
    private static final String START_TLS_OID = "1.3.6.1.4.1.1466.20037";

    private BinaryProtocols() {}

    static void postgresql(Peer peer) throws IOException, RefusedException {
        peer.waitFor("the answer to SSLRequest");
        peer.send(ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST_CODE).array());
        int answer = peer.next();
        switch (answer) {
            case 'S' -> {}
            case 'N' -> throw RefusedException.noTls("the PostgreSQL server has TLS switched off (ssl = off)");
            case 'E' ->
                throw RefusedException.noTls("the PostgreSQL server answered the request for TLS with an error");
            default ->
                throw RefusedException.unexpected(
                        "expected PostgreSQL's answer to SSLRequest, got: " + Peer.hex(new byte[] {(byte) answer}));
        }
    }

    static void mysql(Peer peer) throws IOException, RefusedException {
        byte[] head = peer.bytes(4);
        int length = (head[0] & 0xFF) | ((head[1] & 0xFF) << 8) | ((head[2] & 0xFF) << 16);
        if (length < 1 || length > LARGEST) {
            throw RefusedException.unexpected("expected a MySQL server's greeting, got: " + Peer.hex(head));
        }
        byte[] body = peer.bytes(length);
        if (body[0] == (byte) 0xFF) {
            String why = new String(body, Math.min(3, length), Math.max(0, length - 3), StandardCharsets.UTF_8);
            throw RefusedException.unexpected("the MySQL server takes no connection: " + Peer.quoted(why));
        }
        int end = 1;
        while (end < length && body[end] != 0) {
            end++; // the server's version
        }
        int capabilities = end + 1 + 4 + 8 + 1; // behind thread id, first part of the salt, filler
        if (body[0] != 10 || capabilities + 2 > length) {
            throw RefusedException.unexpected(
                    "expected a MySQL server's greeting of protocol version 10, got version " + (body[0] & 0xFF));
        }
        int flags = (body[capabilities] & 0xFF) | ((body[capabilities + 1] & 0xFF) << 8);
        if ((flags & MYSQL_SSL) == 0) {
            throw RefusedException.noTls("the MySQL server does not offer TLS (no certificate configured?)");
        }
        peer.send(ByteBuffer.allocate(36)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(32 | ((head[3] + 1) << 24))
                .putInt(MYSQL_CAPABILITIES)
                .putInt(1 << 24)
                .put(MYSQL_UTF8)
                .array());
    }

    static void ldap(Peer peer) throws IOException, RefusedException {
        peer.waitFor("the answer to StartTLS");
        byte[] oid = START_TLS_OID.getBytes(StandardCharsets.US_ASCII);
        peer.send(ByteBuffer.allocate(9 + oid.length)
                .put(new byte[] {0x30, (byte) (7 + oid.length), 0x02, 1, 1, 0x77, (byte) (2 + oid.length)})
                .put(new byte[] {(byte) 0x80, (byte) oid.length})
                .put(oid)
                .array());
        expectTag(peer, 0x30);
        var message = new Ber(peer.bytes(length(peer)));
        message.value(0x02); // the message's id: 1, or 0 for a notice of disconnection
        Ber response = new Ber(message.value(0x78));
        byte[] code = response.value(0x0A);
        int result = code.length == 1 ? code[0] : -1;
        if (result != 0) {
            response.value(0x04); // the matched name
            String why = new String(response.value(0x04), StandardCharsets.UTF_8);
            throw RefusedException.noTls("the LDAP server refused to start TLS: result code " + result
                    + (why.isBlank() ? "" : ", " + Peer.quoted(why)));
        }
    }

    private static void expectTag(Peer peer, int tag) throws IOException, RefusedException {
        int got = peer.next();
        if (got != tag) {
            throw notLdap(got);
        }
    }

    /** A definite length (X.690 section 8.1.3) within bounds. */
    private static int length(Peer peer) throws IOException, RefusedException {
        int first = peer.next();
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7F;
        int length = 0;
        for (int i = 0; i < count && i < 4; i++) {
            length = (length << 8) | peer.next();
        }
        if (count == 0 || count > 4 || length < 0 || length > LARGEST) {
            throw notLdap(first);
        }
        return length;
    }

    private static RefusedException notLdap(int got) {
        return RefusedException.unexpected(
                "expected an LDAP answer to StartTLS, got the byte " + Peer.hex(new byte[] {(byte) got}));
    }

    /** Values one behind the other, each a tag, a length and bytes. */
    private static final class Ber {
        private final ByteBuffer bytes;

        Ber(byte[] bytes) {
            this.bytes = ByteBuffer.wrap(bytes);
        }

        /** The next value, which must have this tag. */
        byte[] value(int tag) throws RefusedException {
            if (bytes.remaining() < 2) {
                throw notLdap(0);
            }
            int got = bytes.get() & 0xFF;
            int length = bytes.get() & 0xFF;
            if (length >= 0x80) {
                int count = length & 0x7F;
                length = 0;
                for (int i = 0; i < count && i < 4 && bytes.hasRemaining(); i++) {
                    length = (length << 8) | (bytes.get() & 0xFF);
                }
            }
            if (got != tag || length < 0 || length > bytes.remaining()) {
                throw notLdap(got);
            }
            byte[] value = new byte[length];
            bytes.get(value);
            return value;
        }
    }
}
