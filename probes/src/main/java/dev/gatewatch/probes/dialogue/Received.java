package dev.gatewatch.probes.dialogue;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a peer has sent so far, however it was cut into segments. Bounded to {@value #MOST} bytes, as a peer may send without end.
 * Confined to the run's thread.
 */
final class Received {
    static final int MOST = 64 * 1024;

    private byte[] bytes = new byte[1_024];
    private int length;
    /** Behind what the last match took. */
    private int consumed;
    /** Behind the last line that was looked at; not before {@link #consumed}. */
    private int scanned;

    /** Whether a complete line behind the last match has a match; takes the lines through it. */
    Optional<Captures> findInLines(Pattern pattern) {
        for (int end = lineEnd(); end >= 0; end = lineEnd()) {
            Optional<Captures> found = match(pattern, scanned, end);
            scanned = end + 1;
            if (found.isPresent()) {
                consumed = scanned;
                return found;
            }
        }
        return Optional.empty();
    }

    /** As {@link #findInLines} for the line that the end of the stream cut off. */
    Optional<Captures> findInRest(Pattern pattern) {
        if (scanned >= length) {
            return Optional.empty();
        }
        Optional<Captures> found = match(pattern, scanned, length);
        if (found.isPresent()) {
            scanned = length;
            consumed = length;
        }
        return found;
    }

    private int lineEnd() {
        for (int i = scanned; i < length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private Optional<Captures> match(Pattern pattern, int from, int end) {
        int to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
        // as UTF-8, so that an expression in any script works
        byte[] line = Arrays.copyOfRange(bytes, from, to);
        Matcher matcher = pattern.matcher(Utf8.substituted(line.clone()));
        return matcher.find() ? Optional.of(Captures.of(pattern, matcher, line)) : Optional.empty();
    }

    /** Whether there is a match behind the last one; takes through its end. */
    Optional<Captures> findInStream(Pattern pattern) {
        byte[] all = Arrays.copyOf(bytes, length);
        Matcher matcher = pattern.matcher(Utf8.substituted(all.clone()));
        if (!matcher.find(consumed)) {
            return Optional.empty();
        }
        consumed = matcher.end();
        scanned = consumed;
        return Optional.of(Captures.of(pattern, matcher, all));
    }

    /** How the bytes behind the last match compare with wanted ones. */
    enum Comparison {
        SAME,
        OTHER,
        TOO_FEW
    }

    /** Compares as far as there are bytes; takes them when all are the same. */
    Comparison compare(Expectation.Exact wanted) {
        int there = Math.min(wanted.length(), length - consumed);
        if (!wanted.startsAt(bytes, consumed, there)) {
            return Comparison.OTHER;
        }
        if (there < wanted.length()) {
            return Comparison.TOO_FEW;
        }
        consumed += there;
        scanned = consumed;
        return Comparison.SAME;
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

    /** Whether something came that no match took. */
    boolean hasUnmatched() {
        return length > consumed;
    }

    /** Whether what came last is a line without its end. */
    boolean endsWithinLine() {
        return length > scanned;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Forgets what came in clear: after a switch to TLS nothing of it may count (the STARTTLS injection of CVE-2011-0411). */
    void clear() {
        length = 0;
        consumed = 0;
        scanned = 0;
    }

    /** All of it for a person: control characters but line ends shown as dots. */
    String shown() {
        return printable(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    /** The beginning of what no match took, in one line. */
    String unmatchedHead(int most) {
        String text = new String(bytes, consumed, length - consumed, StandardCharsets.UTF_8).strip();
        String line = printable(text).replaceAll("\\R", " ");
        return line.length() <= most ? line : line.substring(0, most) + "…";
    }

    /** The beginning of what no match took, in hex. */
    String unmatchedHex(int most) {
        int count = Math.min(most, length - consumed);
        return HexFormat.of().formatHex(bytes, consumed, consumed + count) + (length - consumed > most ? "…" : "");
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\r\\n\\t]]", "·");
    }
}
