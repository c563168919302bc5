package dev.gatewatch.probes.tlspolicy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;

/**
 * Reads what a server says to a hello: records, the handshake messages in them, alerts. Takes nothing for granted and at most
 * {@value #MOST} bytes. Confined to the run's thread.
 */
final class ServerAnswer {
    static final int MOST = 128 * 1024;

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int LARGEST_RECORD = (1 << 14) + 2_048;
    private static final int LARGEST_HELLO = 4_096;
    private static final int MOST_WARNINGS = 8;
    private static final int CLOSE_NOTIFY = 0;
    private static final int FATAL = 2;
    private static final int SERVER_HELLO = 2;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int SERVER_HELLO_DONE = 14;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int QUOTED = 40;

    private final InputStream in;
    private byte[] messages = new byte[0];
    private int taken;

    ServerAnswer(InputStream in) {
        this.in = in;
    }

    /** What came is not TLS, or breaks its rules. */
    private static final class NotTlsException extends Exception {
        private static final long serialVersionUID = 1L;

        NotTlsException(String seen) {
            super(seen, null, false, false);
        }
    }

    /** The server refuses with an alert. */
    private static final class AlertException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        AlertException(int code) {
            super("alert " + code, null, false, false);
            this.code = code;
        }
    }

    private record Message(int type, ByteBuffer body) {}

    /**
     * The answer to an offer.
     *
     * @throws EOFException when the server closed the connection
     * @throws IOException when the connection broke or was closed on our side
     */
    Answer to(Offer offer) throws IOException {
        try {
            Message hello = message(LARGEST_HELLO);
            if (hello.type() != SERVER_HELLO) {
                throw new NotTlsException("a handshake message of type " + hello.type() + " in the place of a ServerHello");
            }
            return judge(hello.body(), offer);
        } catch (NotTlsException e) {
            return new Answer.Garbage(String.valueOf(e.getMessage()));
        } catch (AlertException e) {
            return e.code == CLOSE_NOTIFY ? new Answer.Closed() : new Answer.Alerted(e.code);
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            return new Answer.Garbage("a ServerHello that is cut short");
        }
    }

    private Answer judge(ByteBuffer hello, Offer offer) {
        int version = hello.getShort() & 0xFFFF;
        hello.position(hello.position() + 32);
        int session = hello.get() & 0xFF;
        hello.position(hello.position() + session);
        int suite = hello.getShort() & 0xFFFF;
        hello.get(); // compression: only none was offered
        int selected = selectedVersion(hello, version);
        boolean versionOffered =
                offer.exact() ? selected == offer.newest().code() : selected <= offer.newest().code();
        var protocol = Protocol.of(selected);
        if (protocol.isEmpty() || !versionOffered || !offer.has(suite)) {
            return new Answer.Elsewhere(selected, suite);
        }
        boolean dh = Suite.nameOf(suite).startsWith("TLS_DH") && !Suite.nameOf(suite).startsWith("TLS_DH_RSA")
                && !Suite.nameOf(suite).startsWith("TLS_DH_DSS");
        return new Answer.Accepted(protocol.get(), suite, dh ? dhBits() : OptionalInt.empty());
    }

    /** The extension that TLS 1.3 says its version in; also in a HelloRetryRequest, which has the form of a ServerHello. */
    private static int selectedVersion(ByteBuffer hello, int version) {
        if (hello.remaining() < 2) {
            return version;
        }
        hello.getShort();
        while (hello.remaining() >= 4) {
            int type = hello.getShort() & 0xFFFF;
            int length = hello.getShort() & 0xFFFF;
            if (type == SUPPORTED_VERSIONS && length == 2) {
                return hello.getShort() & 0xFFFF;
            }
            hello.position(hello.position() + length);
        }
        return version;
    }

    /** The size of the prime in the ServerKeyExchange (RFC 5246 section 7.4.3); nothing where none comes. */
    private OptionalInt dhBits() {
        try {
            while (true) {
                Message next = message(MOST);
                if (next.type() == SERVER_KEY_EXCHANGE) {
                    byte[] prime = new byte[next.body().getShort() & 0xFFFF];
                    next.body().get(prime);
                    return OptionalInt.of(new BigInteger(1, prime).bitLength());
                }
                if (next.type() == SERVER_HELLO_DONE) {
                    return OptionalInt.empty();
                }
            }
        } catch (IOException | NotTlsException | AlertException | BufferUnderflowException _) {
            return OptionalInt.empty(); // it has accepted already
        }
    }

    private Message message(int largest) throws IOException, NotTlsException, AlertException {
        while (true) {
            if (messages.length >= 4) {
                int length = ((messages[1] & 0xFF) << 16) | ((messages[2] & 0xFF) << 8) | (messages[3] & 0xFF);
                if (length > largest) {
                    throw new NotTlsException("a handshake message of " + length + " bytes");
                }
                if (messages.length >= 4 + length) {
                    var body = ByteBuffer.wrap(Arrays.copyOfRange(messages, 4, 4 + length));
                    int type = messages[0] & 0xFF;
                    messages = Arrays.copyOfRange(messages, 4 + length, messages.length);
                    return new Message(type, body);
                }
            }
            record();
        }
    }

    /** Takes one record: adds to the messages, passes over warnings. */
    private void record() throws IOException, NotTlsException, AlertException {
        for (int warnings = 0; warnings < MOST_WARNINGS; warnings++) {
            byte[] head = exactly(5, true);
            int type = head[0] & 0xFF;
            int length = ((head[3] & 0xFF) << 8) | (head[4] & 0xFF);
            if ((type != ALERT && type != HANDSHAKE) || head[1] != 3 || length == 0 || length > LARGEST_RECORD) {
                throw new NotTlsException(quoted(head));
            }
            byte[] content = exactly(length, false);
            if (type == HANDSHAKE) {
                byte[] more = Arrays.copyOf(messages, messages.length + length);
                System.arraycopy(content, 0, more, messages.length, length);
                messages = more;
                return;
            }
            if (length < 2) {
                throw new NotTlsException("an alert of " + length + " byte");
            }
            int code = content[1] & 0xFF;
            if (content[0] == FATAL || code == CLOSE_NOTIFY) {
                throw new AlertException(code);
            }
        }
        throw new NotTlsException("nothing but warnings");
    }

    private byte[] exactly(int count, boolean head) throws IOException, NotTlsException {
        taken += count;
        if (taken > MOST) {
            throw new NotTlsException("more than " + MOST / 1024 + " kB of records");
        }
        byte[] bytes = in.readNBytes(count);
        if (bytes.length == count) {
            return bytes;
        }
        if (head && bytes.length > 0 && bytes[0] != ALERT && bytes[0] != HANDSHAKE) {
            throw new NotTlsException(quoted(bytes));
        }
        throw new EOFException();
    }

    /** The beginning of what came, as text where it is text. */
    private String quoted(byte[] head) throws IOException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(head);
        all.writeBytes(in.readNBytes(Math.min(in.available(), QUOTED - head.length)));
        byte[] bytes = all.toByteArray();
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.chars().allMatch(c -> (c >= ' ' && c < 127) || c == '\r' || c == '\n' || c == '\t')
                ? "\"" + text.strip().replaceAll("\\s+", " ") + "\""
                : HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
