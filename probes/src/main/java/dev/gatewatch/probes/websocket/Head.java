package dev.gatewatch.probes.websocket;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okio.ByteString;

/**
 * The head of an HTTP/1 response (RFC 9112). Immutable.
 *
 * @param version as in {@code HTTP/1.1}
 */
record Head(String version, int status, String reason, Headers headers) {
    /** As much as OkHttp reads of a response's head. */
    private static final int LONGEST = 256 * 1_024;

    /** Informational responses before the real one; real servers send one or two. */
    private static final int MOST_INFORMATIONAL = 20;

    /** What is kept of an error's body. */
    private static final int LONGEST_BODY = 64 * 1_024;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/(1\\.[01]) ([1-9]\\d{2})(?: (.*))?");
    private static final int SWITCHING = 101;

    /** The head is larger than any real one. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the response's headers are larger than " + LONGEST / 1_024 + " kB");
        }
    }

    /**
     * Reads the head of the response, passing over informational ones but 101.
     *
     * @throws ProtocolException when it is no HTTP
     */
    static Head read(InputStream in) throws IOException {
        var left = new int[] {LONGEST};
        for (int i = 0; i < MOST_INFORMATIONAL; i++) {
            Head head = one(in, left);
            if (head.status >= 200 || head.status == SWITCHING) {
                return head;
            }
        }
        throw new ProtocolException("the answer is informational responses without end");
    }

    private static Head one(InputStream in, int[] left) throws IOException {
        String first = line(in, left, true);
        Matcher status = STATUS_LINE.matcher(first);
        if (!status.matches()) {
            throw new ProtocolException("the answer is not HTTP/1: " + first.substring(0, Math.min(80, first.length())));
        }
        var headers = new Headers.Builder();
        for (String line = line(in, left, false); !line.isEmpty(); line = line(in, left, false)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("the answer breaks the rules of HTTP: a header line without a colon");
            }
            try {
                headers.addUnsafeNonAscii(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            } catch (IllegalArgumentException _) {
                throw new ProtocolException("the answer breaks the rules of HTTP: a malformed header line");
            }
        }
        String reason = status.group(3) == null ? "" : status.group(3);
        return new Head(status.group(1), Integer.parseInt(status.group(2)), reason, headers.build());
    }

    /**
     * A line without its end.
     *
     * @param left how many bytes the head may still have
     * @param garbage whether to stop early at what cannot be a status line
     */
    private static String line(InputStream in, int[] left, boolean garbage) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw garbage && line.size() > 0
                        ? new ProtocolException("the answer is not HTTP/1: " + text(line))
                        : new EOFException();
            }
            if (--left[0] < 0) {
                throw new TooLarge();
            }
            line.write(octet);
            if (garbage && line.size() == 5 && !text(line).equals("HTTP/")) {
                throw new ProtocolException("the answer is not HTTP/1: it begins with \"" + text(line) + "\"");
            }
        }
        return text(line).strip();
    }

    private static String text(ByteArrayOutputStream line) {
        return line.toString(StandardCharsets.UTF_8);
    }

    /** What comes of an error's body, by length, in chunks or to the end of the stream; never more than a bound, and no error. */
    ByteString body(InputStream in) {
        var body = new ByteArrayOutputStream();
        try {
            if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
                var left = new int[] {LONGEST_BODY};
                int size = Integer.parseInt(line(in, left, false).split(";", 2)[0].strip(), 16);
                while (size > 0 && size <= LONGEST_BODY - body.size()) {
                    body.writeBytes(in.readNBytes(size));
                    line(in, left, false);
                    size = Integer.parseInt(line(in, left, false).split(";", 2)[0].strip(), 16);
                }
            } else {
                String length = headers.get("Content-Length");
                long announced = length == null ? LONGEST_BODY : Long.parseLong(length);
                body.writeBytes(in.readNBytes(Math.clamp(announced, 0, LONGEST_BODY)));
            }
        } catch (IOException | NumberFormatException _) {
            // what came so far has to do
        }
        return ByteString.of(body.toByteArray());
    }
}
