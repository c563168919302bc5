package dev.gatewatch.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads HTTP/1.1 requests (RFC 9112) off a connection, within bounds. Confined to the connection's thread. */
final class RequestReader {
    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_BODY = 256 * 1024;

    private final InputStream in;
    private int headLeft;

    RequestReader(InputStream in) {
        this.in = in;
    }

    /** A request that is answered with an error status, after which the connection is closed. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** The next request; nothing where the client closed the connection between requests. */
    Optional<Request> next() throws IOException {
        headLeft = MAX_HEAD;
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        String[] start = line(first).split(" ");
        if (start.length != 3 || !start[2].startsWith("HTTP/1.")) {
            throw new Refused(400, "not an HTTP/1.1 request");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in.read()); !line.isEmpty(); line = line(in.read())) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new Refused(400, "a header line without a name");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        String target = start[1];
        int question = target.indexOf('?');
        return Optional.of(new Request(
                start[0],
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                headers,
                body(headers)));
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            return chunks();
        }
        int length = length(headers.getOrDefault("content-length", "0"), 10);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the request's body ended early");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private String chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = length(line(in.read()).split(";")[0].strip(), 16);
            if (size == 0) {
                String trailer;
                do {
                    trailer = line(in.read());
                } while (!trailer.isEmpty());
                return body.toString(StandardCharsets.UTF_8);
            }
            body.write(in.readNBytes(size));
            line(in.read());
            length(Integer.toString(body.size()), 10);
        }
    }

    private static int length(String text, int radix) throws Refused {
        int length;
        try {
            length = Integer.parseUnsignedInt(text, radix);
        } catch (NumberFormatException _) {
            throw new Refused(400, "a length that is not a number");
        }
        if (length < 0 || length > MAX_BODY) {
            throw new Refused(413, "more than " + MAX_BODY + " bytes of body");
        }
        return length;
    }

    /** The line that begins with this byte, without its end. */
    private String line(int first) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = first; c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the request ended early");
            }
            if (--headLeft < 0) {
                throw new Refused(431, "more than " + MAX_HEAD + " bytes of head");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }
}
