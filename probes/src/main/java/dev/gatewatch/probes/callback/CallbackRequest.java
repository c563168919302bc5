package dev.gatewatch.probes.callback;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import okhttp3.Headers;
import okio.Buffer;
import okio.ByteString;

/**
 * One HTTP/1.x request as a caller sends it (RFC 9112), bounded in every direction. Immutable.
 *
 * @param target path and query as written
 */
record CallbackRequest(String method, String target, Headers headers, ByteString body) {
    static final int LARGEST_BODY = 64 * 1024;
    private static final int LARGEST_HEAD = 16 * 1024;
    private static final int MOST_HEADERS = 100;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A request that is answered with an error status. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String target;

        Refused(int status, String reason) {
            this(status, reason, "");
        }

        Refused(int status, String reason, String target) {
            super(reason, null, false, false);
            this.status = status;
            this.target = target;
        }

        int status() {
            return status;
        }

        /** Where it was sent to; empty where that was not understood. */
        String target() {
            return target;
        }
    }

    /**
     * Reads a request.
     *
     * @param out for the interim answer that a cautious client waits for before it sends its body
     * @throws EOFException when the connection ends before the request does
     */
    static CallbackRequest read(InputStream stream, OutputStream out) throws IOException, Refused {
        var in = new BufferedInputStream(stream, 8_192);
        int[] budget = {LARGEST_HEAD};
        String[] line = line(in, budget).split(" ", -1);
        if (line.length != 3 || !line[0].matches("[A-Z]{1,20}") || !line[2].matches("HTTP/1\\.[01]")) {
            throw new Refused(400, "Bad Request");
        }
        Headers headers = headers(in, budget);
        try {
            return new CallbackRequest(line[0], line[1], headers, body(in, out, headers));
        } catch (Refused e) {
            throw new Refused(e.status(), String.valueOf(e.getMessage()), line[1]);
        }
    }

    private static Headers headers(InputStream in, int[] budget) throws IOException, Refused {
        var headers = new Headers.Builder();
        int count = 0;
        for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
            int colon = line.indexOf(':');
            boolean token = colon > 0 && line.substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
            if (!token || ++count > MOST_HEADERS) {
                throw new Refused(400, "Bad Request");
            }
            headers.addUnsafeNonAscii(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return headers.build();
    }

    private static ByteString body(InputStream in, OutputStream out, Headers headers) throws IOException, Refused {
        String coding = headers.get("Transfer-Encoding");
        String length = headers.get("Content-Length");
        if (coding == null && length == null) {
            return ByteString.EMPTY;
        }
        if (coding != null && (length != null || !coding.equalsIgnoreCase("chunked"))) {
            throw new Refused(400, "Bad Request");
        }
        long announced = coding == null ? number(length, 10) : 0;
        if (announced > LARGEST_BODY) {
            throw new Refused(413, "Content Too Large");
        }
        String expect = headers.get("Expect");
        if (expect != null && expect.toLowerCase(Locale.ROOT).equals("100-continue")) {
            out.write(CONTINUE);
            out.flush();
        }
        return coding == null ? ByteString.of(exactly(in, (int) announced)) : chunks(in);
    }

    private static ByteString chunks(InputStream in) throws IOException, Refused {
        var body = new Buffer();
        int[] budget = {LARGEST_HEAD};
        while (true) {
            long size = number(line(in, budget).split(";", 2)[0].strip(), 16);
            if (body.size() + size > LARGEST_BODY) {
                throw new Refused(413, "Content Too Large");
            }
            if (size == 0) {
                while (!line(in, budget).isEmpty()) {
                    // trailers are of no interest
                }
                return body.readByteString();
            }
            body.write(exactly(in, (int) size));
            if (!line(in, budget).isEmpty()) {
                throw new Refused(400, "Bad Request");
            }
        }
    }

    private static long number(@org.jspecify.annotations.Nullable String text, int radix) throws Refused {
        if (text == null || !text.matches(radix == 10 ? "\\d{1,12}" : "[0-9A-Fa-f]{1,8}")) {
            throw new Refused(400, "Bad Request");
        }
        return Long.parseLong(text, radix);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    /** A line without its end; {@code budget} is what the head may still hold. */
    private static String line(InputStream in, int[] budget) throws IOException, Refused {
        var line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException();
            }
            if (--budget[0] < 0) {
                throw new Refused(431, "Request Header Fields Too Large");
            }
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            line.append((char) c);
        }
    }
}
