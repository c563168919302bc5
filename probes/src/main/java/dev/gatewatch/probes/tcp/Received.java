package dev.gatewatch.probes.tcp;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a peer has sent so far, however it was cut into segments. Bounded to {@value #MOST} bytes, as a peer may send without end.
 * Confined to the run's thread.
 */
final class Received {
    static final int MOST = 64 * 1024;

    private byte[] bytes = new byte[1_024];
    private int length;
    private int consumed;

    /** Whether the pattern is found behind what earlier matches consumed; consumes through its end. */
    boolean find(Pattern pattern) {
        // as UTF-8, so that an expression in any script works and offsets count bytes
        Matcher matcher = pattern.matcher(Arrays.copyOf(bytes, length));
        if (consumed <= length && matcher.find(consumed)) {
            consumed = matcher.end();
            return true;
        }
        return false;
    }

    /** Waits for more; false at the end of the stream. Not to be called when {@link #isFull}. */
    boolean readFrom(InputStream in) throws IOException {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(MOST, bytes.length * 2));
        }
        int read = in.read(bytes, length, bytes.length - length);
        length += Math.max(0, read);
        return read >= 0;
    }

    boolean isFull() {
        return length == MOST;
    }

    /** Whether something came that no match consumed. */
    boolean hasUnmatched() {
        return length > consumed;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Forgets what came in clear: after a switch to TLS nothing of it may count (the STARTTLS injection of CVE-2011-0411). */
    void clear() {
        length = 0;
        consumed = 0;
    }

    /** All of it for a person: control characters but line ends shown as dots. */
    String shown() {
        return printable(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    /** The beginning of what no match consumed, in one line. */
    String unmatchedHead(int most) {
        String text = new String(bytes, consumed, length - consumed, StandardCharsets.UTF_8).strip();
        String line = printable(text).replaceAll("\\R", " ");
        return line.length() <= most ? line : line.substring(0, most) + "…";
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\r\\n\\t]]", "·");
    }
}
