package dev.gatewatch.probes.httpclient;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import okio.Buffer;
import okio.BufferedSource;
import okio.Source;
import okio.Timeout;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What comes out of a brotli stream (RFC 7932). The decoder wraps whatever its source throws; here each failure keeps its type: the
 * connection's own, {@link EOFException} for a stream that ends too early, and a plain {@link IOException} for what is not brotli.
 */
final class BrotliSource implements Source {
    private static final int STEP = 8_192;

    private final BufferedSource compressed;
    private final Watched watched;
    private final byte[] chunk = new byte[STEP];
    private @Nullable BrotliInputStream decoder;

    BrotliSource(BufferedSource compressed) {
        this.compressed = compressed;
        this.watched = new Watched(compressed.inputStream());
    }

    @Override
    public long read(Buffer sink, long most) throws IOException {
        try {
            if (decoder == null) {
                decoder = new BrotliInputStream(watched);
            }
            int read = decoder.read(chunk, 0, (int) Math.min(most, STEP));
            if (read > 0) {
                sink.write(chunk, 0, read);
            }
            return read <= 0 ? -1 : read;
        } catch (IOException | IllegalStateException e) {
            if (watched.thrown != null) {
                throw watched.thrown;
            }
            throw watched.ended && runsDry(e)
                    ? new EOFException("the brotli stream ends too early")
                    : new IOException("not brotli", e);
        }
    }

    /** The decoder tells it only in words: "Unexpected end of input", "Read after end". */
    private static boolean runsDry(Exception e) {
        return e.getCause() != null
                && String.valueOf(e.getCause().getMessage()).toLowerCase(Locale.ROOT).contains(" end");
    }

    @Override
    public Timeout timeout() {
        return compressed.timeout();
    }

    @Override
    public void close() throws IOException {
        compressed.close();
    }

    /** Remembers how reading ended. */
    private static final class Watched extends FilterInputStream {
        private @Nullable IOException thrown;
        private boolean ended;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            try {
                int read = super.read(into, from, most);
                ended |= read < 0;
                return read;
            } catch (IOException e) {
                thrown = e;
                throw e;
            }
        }
    }
}
