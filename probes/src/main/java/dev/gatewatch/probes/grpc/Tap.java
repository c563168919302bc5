package dev.gatewatch.probes.grpc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a peer said first and how its stream broke, both of which the gRPC library keeps to itself; and ends the stream of one
 * that says far more than an answer takes, such as headers without end, which the library would gather. Safe for many threads.
 */
final class Tap {
    /** What is remembered. */
    private static final int MOST = 512;

    /**
     * What is let through. A health answer with its headers has some hundred bytes; the library takes up to 64 kB of one, and by itself
     * closes at 10,000 control frames without a word, which are 90,000 bytes at least.
     */
    static final int FLOOD = 80 * 1_024;

    private final byte[] head = new byte[MOST];
    private int length;
    private long count;
    private @Nullable IOException broken;

    /** The same stream, listened to. */
    InputStream on(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                try {
                    int read = super.read(into, from, most);
                    heard(into, from, read);
                    return read;
                } catch (IOException e) {
                    brokeWith(e);
                    throw e;
                }
            }
        };
    }

    private synchronized void heard(byte[] bytes, int from, int read) throws IOException {
        count += Math.max(0, read);
        if (count > FLOOD) {
            throw new IOException("more than " + FLOOD + " bytes");
        }
        int kept = Math.min(Math.max(0, read), MOST - length);
        System.arraycopy(bytes, from, head, length, kept);
        length += kept;
    }

    private synchronized void brokeWith(IOException e) {
        if (broken == null) {
            broken = e;
        }
    }

    /** The first bytes that came. */
    synchronized byte[] head() {
        return Arrays.copyOf(head, length);
    }

    /** Whether the peer said more than was let through. */
    synchronized boolean flooded() {
        return count > FLOOD;
    }

    /** The exception of the first read that failed. */
    synchronized Optional<IOException> broken() {
        return Optional.ofNullable(broken);
    }
}
