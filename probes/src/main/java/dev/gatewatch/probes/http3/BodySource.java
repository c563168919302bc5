package dev.gatewatch.probes.http3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import okio.Buffer;
import okio.ByteString;
import okio.Source;
import okio.Timeout;

/** A response's body as it comes in. Asks for more only as it is read. Confined to the run's thread. */
final class BodySource implements Source {
    private final Http3Exchange exchange;
    private final Inbox inbox;
    private final long announced;
    private final Buffer waiting = new Buffer();
    private long count;
    private boolean ended;

    /** @param announced Content-Length, or -1 where nothing has to be that long */
    BodySource(Http3Exchange exchange, Inbox inbox, long announced) {
        this.exchange = exchange;
        this.inbox = inbox;
        this.announced = announced;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        while (waiting.size() == 0 && !ended) {
            Inbox.Item item = inbox.take(exchange.patience()).orElseThrow(() -> new InterruptedIOException("timeout"));
            switch (item) {
                case Inbox.Data(ByteString bytes) -> {
                    waiting.write(bytes);
                    count += bytes.size();
                    exchange.more();
                }
                case Inbox.End _ -> end();
                case Inbox.Head _ -> exchange.more(); // trailers say nothing about the body
                case Inbox.Alive _, Inbox.Connected _, Inbox.Broken _ -> {}
            }
        }
        return waiting.size() == 0 ? -1 : waiting.read(sink, byteCount);
    }

    private void end() throws IOException {
        ended = true;
        if (announced >= 0 && count < announced) {
            throw new EOFException("unexpected end of stream");
        }
        if (announced >= 0 && count > announced) {
            throw new ProtocolException("the body is longer than its Content-Length");
        }
    }

    @Override
    public Timeout timeout() {
        return Timeout.NONE;
    }

    @Override
    public void close() {
        exchange.close();
    }
}
