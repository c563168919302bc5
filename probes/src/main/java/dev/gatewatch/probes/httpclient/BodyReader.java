package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.Answer.Body;
import dev.gatewatch.probes.net.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.Inflater;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import okio.GzipSource;
import okio.InflaterSource;
import okio.Source;

/**
 * Reads a body: undoes gzip, brotli and deflate, and stops at the limit, which counts what comes out of them, so that a small body
 * cannot fill the memory. Confined to one exchange.
 */
final class BodyReader {
    private static final long STEP = 8_192;

    private final long limit;
    private final Buffer read = new Buffer();

    BodyReader(long limit) {
        this.limit = limit;
    }

    /** Bytes that have come out so far. */
    long count() {
        return read.size();
    }

    /**
     * The whole body.
     *
     * @throws ProbeFailure when it is too large, or not what its content coding says
     * @throws IOException when the connection fails or ends too early
     */
    Body read(Response response) throws IOException, ProbeFailure {
        if (response.body().contentLength() < -1) {
            throw new ProbeFailure(new Failure(
                    Cause.CONTENT_MISMATCH,
                    "the answer announces a body of " + response.body().contentLength() + " bytes"));
        }
        String written = Optional.ofNullable(response.header("Content-Encoding")).orElse("");
        BufferedSource source = response.body().source();
        boolean empty = response.request().method().equals("HEAD") || source.exhausted();
        return switch (empty ? Coding.IDENTITY : Coding.of(written).orElse(Coding.ZSTD)) {
            case IDENTITY -> all(source, "", Optional.empty());
            case GZIP -> all(new GzipSource(source), "gzip", Optional.empty());
            case BR -> all(new BrotliSource(source), "br", Optional.empty());
            case DEFLATE -> all(inflated(source), "deflate", Optional.empty());
            case ZSTD -> all(source, "", Optional.of(written.strip()));
        };
    }

    /** Told apart by the first two bytes, which zlib's format makes a multiple of 31. */
    private static Source inflated(BufferedSource source) throws IOException {
        boolean zlib = true;
        if (source.request(2)) {
            int first = source.getBuffer().getByte(0) & 0xFF;
            int second = source.getBuffer().getByte(1) & 0xFF;
            zlib = (first & 0x0F) == 8 && (first << 8 | second) % 31 == 0;
        }
        return new InflaterSource(source, new Inflater(!zlib));
    }

    private Body all(Source source, String undoing, Optional<String> left) throws IOException, ProbeFailure {
        try (source) {
            while (step(source, undoing) != -1) {
                if (read.size() > limit) {
                    throw new ProbeFailure(new Failure(
                            Cause.BODY_TOO_LARGE, "the body is larger than " + Sizes.format(limit) + " (body_limit)"));
                }
            }
        }
        return new Body(read.readByteString(), left);
    }

    private long step(Source source, String undoing) throws IOException, ProbeFailure {
        try {
            return source.read(read, STEP);
        } catch (IOException e) {
            // what zlib and gzip complain about is a plain IOException; early ends and sockets have types of their own
            boolean garbled = !undoing.isEmpty() && e.getClass() == IOException.class && !(e instanceof EOFException);
            if (garbled && e.getMessage() != null && !e.getMessage().contains("unexpected end of stream")) {
                throw new ProbeFailure(
                        new Failure(Cause.CONTENT_MISMATCH, "the body is not " + undoing + " as its header says"));
            }
            throw e;
        }
    }
}
