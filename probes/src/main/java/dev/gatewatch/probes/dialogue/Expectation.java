package dev.gatewatch.probes.dialogue;

import com.google.re2j.Pattern;
import java.util.Arrays;
import java.util.HexFormat;

/** What a step waits for in what the peer sends. Immutable. */
public sealed interface Expectation {
    /** For messages, after "expected ". */
    String describe();

    /**
     * A line that an expression finds something in. Lines are taken one at a time until one matches, those before it are passed over:
     * whatever the segments were that they came in, the match and what it captures are the same. A last line without an end counts
     * when the peer closes.
     *
     * @param pattern sees the line without its end ({@code \n} or {@code \r\n})
     */
    record Line(Pattern pattern) implements Expectation {
        @Override
        public String describe() {
            return "/" + pattern.pattern() + "/";
        }
    }

    /**
     * A match anywhere in what came since the last one, line ends included, as soon as there is one: for prompts, which have no line
     * end. A greedy group may capture less when the rest is still on its way.
     */
    record Stream(Pattern pattern) implements Expectation {
        /** {@code ^} and {@code $} match at line ends. */
        public Stream {
            pattern = Pattern.compile(pattern.pattern(), pattern.flags() | Pattern.MULTILINE);
        }

        @Override
        public String describe() {
            return "/" + pattern.pattern() + "/";
        }
    }

    /** Exactly these bytes next, in however many segments. Never changed after. */
    final class Exact implements Expectation {
        private static final int SHOWN = 32;

        private final byte[] bytes;

        private final boolean secret;

        public Exact(byte[] bytes) {
            this(bytes, false);
        }

        Exact(byte[] bytes, boolean secret) {
            this.bytes = bytes.clone();
            this.secret = secret;
        }

        int length() {
            return bytes.length;
        }

        /** Whether the first {@code count} of them are at {@code from}. */
        boolean startsAt(byte[] in, int from, int count) {
            return Arrays.equals(bytes, 0, count, in, from, from + count);
        }

        @Override
        public String describe() {
            return secret ? "the " + length() + " secret bytes" : length() + " bytes "
                    + HexFormat.of().formatHex(bytes, 0, Math.min(SHOWN, bytes.length))
                    + (bytes.length > SHOWN ? "…" : "");
        }

        @Override
        public String toString() {
            return describe();
        }
    }
}
