package dev.gatewatch.probes.websocket;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import okio.ByteString;

/**
 * The client's side of the framing of RFC 6455, section 5, without extensions. What a peer sends is bounded: the size of a message, the
 * number of its fragments, and the number of control frames. Confined to the run's thread.
 */
final class Frames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** Payload of a control frame, RFC 6455, section 5.5. */
    private static final int LONGEST_CONTROL = 125;

    /** More fragments than any real message has; also bounds empty ones, which have no size. */
    private static final int MOST_FRAGMENTS = 10_000;

    /** More than any server sends in one run. */
    private static final int MOST_CONTROLS = 10_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final InputStream in;
    private final OutputStream out;
    private final long longestMessage;
    private int controls;

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private int messageType;
    private int fragments;

    Frames(InputStream in, OutputStream out, long longestMessage) {
        this.in = in;
        this.out = out;
        this.longestMessage = longestMessage;
    }

    /** What a peer said. */
    sealed interface Event {
        /** A whole message, of all its fragments. */
        record Message(boolean binary, ByteString payload) implements Event {}

        /** The answer to a ping. */
        record Pong(ByteString payload) implements Event {}

        /**
         * The end.
         *
         * @param code 1005 where the peer gave none (RFC 6455, section 7.1.5)
         */
        record Close(int code, String reason) implements Event {}
    }

    /** The peer broke a rule or a bound. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Failure failure;
        private final int code;

        private Broken(Cause cause, int code, String message) {
            super(message, null, false, false);
            this.failure = new Failure(cause, message);
            this.code = code;
        }

        Failure failure() {
            return failure;
        }

        /** The status code to close with (RFC 6455, section 7.4.1). */
        int code() {
            return code;
        }
    }

    private static Broken rule(String message) {
        return new Broken(Cause.CONTENT_MISMATCH, 1002, "the server breaks the rules of WebSocket: " + message);
    }

    /** Waits for the next event; pings are answered on the way. */
    Event next() throws IOException, Broken {
        while (true) {
            int first = octet();
            boolean last = (first & 0x80) != 0;
            int type = first & 0x0F;
            if ((first & 0x70) != 0) {
                throw rule("reserved bits are set although no extension was agreed on");
            }
            long length = length();
            if (type >= CLOSE) {
                ByteString payload = control(type, last, length);
                switch (type) {
                    case PING -> send(PONG, payload);
                    case PONG -> {
                        return new Event.Pong(payload);
                    }
                    default -> {
                        return close(payload);
                    }
                }
            } else if (fragment(type, last, length)) {
                return take();
            }
        }
    }

    private long length() throws IOException, Broken {
        int second = octet();
        if ((second & 0x80) != 0) {
            throw rule("a frame from the server is masked");
        }
        int stated = second & 0x7F;
        if (stated < 126) {
            return stated;
        }
        long length = 0;
        for (int i = 0; i < (stated == 126 ? 2 : 8); i++) {
            length = (length << 8) | octet();
        }
        if (length < 0) {
            throw rule("a frame of more than 2^63 bytes");
        }
        return length;
    }

    private ByteString control(int type, boolean last, long length) throws IOException, Broken {
        if (type > PONG) {
            throw rule("unknown frame type " + type);
        }
        if (!last || length > LONGEST_CONTROL) {
            throw rule("a control frame is fragmented or longer than 125 bytes");
        }
        if (++controls > MOST_CONTROLS) {
            throw rule("more than " + MOST_CONTROLS + " control frames in one run");
        }
        return ByteString.of(bytes((int) length));
    }

    /** Adds a fragment to the message; true when it is whole. */
    private boolean fragment(int type, boolean last, long length) throws IOException, Broken {
        if (type > BINARY) {
            throw rule("unknown frame type " + type);
        }
        if ((type == CONTINUATION) != (fragments > 0)) {
            throw rule(
                    type == CONTINUATION
                            ? "a continuation without a message to continue"
                            : "a message begins within another");
        }
        if (type != CONTINUATION) {
            messageType = type;
        }
        if (++fragments > MOST_FRAGMENTS) {
            throw rule("a message of more than " + MOST_FRAGMENTS + " fragments");
        }
        if (length > longestMessage - message.size()) {
            throw new Broken(
                    Cause.BODY_TOO_LARGE,
                    1009,
                    "a message of at least " + (message.size() + length) + " bytes, more than max_message (" + longestMessage
                            + ")");
        }
        message.writeBytes(bytes((int) length));
        return last;
    }

    private Event take() throws Broken {
        var whole = ByteString.of(message.toByteArray());
        message.reset();
        fragments = 0;
        if (messageType == TEXT && !isUtf8(whole)) {
            throw new Broken(
                    Cause.CONTENT_MISMATCH, 1007, "the server breaks the rules of WebSocket: a text message is not UTF-8");
        }
        return new Event.Message(messageType == BINARY, whole);
    }

    private static Event close(ByteString payload) throws Broken {
        if (payload.size() == 0) {
            return new Event.Close(1005, "");
        }
        ByteString reason = payload.size() < 2 ? ByteString.EMPTY : payload.substring(2);
        if (payload.size() == 1 || !isUtf8(reason)) {
            throw rule("its close frame is malformed");
        }
        return new Event.Close(((payload.getByte(0) & 0xFF) << 8) | (payload.getByte(1) & 0xFF), reason.utf8());
    }

    private static boolean isUtf8(ByteString bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray()));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException();
        }
        return octet;
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    /** Sends one unfragmented frame, masked as a client must (section 5.3). */
    void send(int type, ByteString payload) throws IOException {
        int size = payload.size();
        var frame = ByteBuffer.allocate(14 + size);
        frame.put((byte) (0x80 | type));
        if (size < 126) {
            frame.put((byte) (0x80 | size));
        } else if (size < 65_536) {
            frame.put((byte) (0x80 | 126)).putShort((short) size);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(size);
        }
        byte[] mask = new byte[4];
        RANDOM.nextBytes(mask);
        frame.put(mask);
        for (int i = 0; i < size; i++) {
            frame.put((byte) (payload.getByte(i) ^ mask[i & 3]));
        }
        out.write(frame.array(), 0, frame.position());
        out.flush();
    }

    void sendClose(int code) throws IOException {
        send(CLOSE, ByteString.of((byte) (code >> 8), (byte) code));
    }
}
