package dev.gatewatch.probes.http3;

import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.tls.TlsRun;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * One request over one fresh QUIC connection to a given address; the response is read as it comes. Confined to the caller's thread, which
 * waits; packets are moved on a thread of their own.
 *
 * <p>QUIC has no handshake of its own before that of TLS: until the first packet of the peer comes back counts as connecting, from then on
 * as securing.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails comes in through the inbox
public final class Http3Exchange implements AutoCloseable {
    /** How large a response's head may be, as for the other versions. */
    private static final int LARGEST_HEAD = 256 * 1024;

    /** How many heads may only announce another. */
    private static final int MOST_INTERIM = 20;

    /** How much of a body may be on its way to a reader. */
    private static final int WINDOW = 256 * 1024;

    /** Fields that belong to a connection of HTTP/1.1 (RFC 9114, 4.2), and the one that a pseudo field stands for. */
    private static final Set<String> DROPPED =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "host");

    private final InetSocketAddress to;
    private final TlsRun tls;
    private final AtomicLong received;
    private final long endNanos;
    private final Inbox inbox = new Inbox();
    private @Nullable Channel datagrams;
    private volatile @Nullable QuicChannel connection;
    private @Nullable QuicStreamChannel stream;

    /**
     * An exchange that is not begun.
     *
     * @param to where packets go, whatever host the request's URL names
     * @param received counts the bytes of packets that come in
     * @param timeout for all of it, the body included
     */
    public Http3Exchange(InetSocketAddress to, TlsRun tls, AtomicLong received, Duration timeout) {
        this.to = to;
        this.tls = tls;
        this.received = received;
        this.endNanos = System.nanoTime() + timeout.toNanos();
    }

    /** Why there is no HTTP/3 on this machine; absent where there is. */
    public static Optional<Failure> missing() {
        return Quic.missing();
    }

    /**
     * Sends the request and waits for the head of its response.
     *
     * @param patience how long to wait for the first packet of the peer; zero for as long as there is time
     * @return whose body is still to be read
     * @throws SocketTimeoutException when the time is up
     */
    public Response execute(Request request, Duration patience, Progress progress) throws IOException {
        progress.connecting();
        connect(request.url().host(), request.url().port());
        await(Inbox.Alive.class, patience.isZero() ? left() : patience);
        progress.securing();
        await(Inbox.Connected.class, left());
        progress.sending();
        send(request);
        for (int interim = 0; interim <= MOST_INTERIM; interim++) {
            Headers.Builder fields = new Headers.Builder();
            int status = head(((Inbox.Head) await(Inbox.Head.class, left())).headers(), fields);
            if (status >= 200) { // else it announces another head (RFC 9110, 15.2)
                progress.answered();
                return response(request, status, fields.build());
            }
        }
        throw new ProtocolException("more than " + MOST_INTERIM + " interim responses");
    }

    private Inbox.Item await(Class<? extends Inbox.Item> wanted, Duration atMost) throws IOException {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            Inbox.Item item = inbox.take(Duration.ofNanos(end - System.nanoTime()))
                    .orElseThrow(() -> new SocketTimeoutException("timeout"));
            if (wanted.isInstance(item)) {
                return item;
            }
            if (item instanceof Inbox.End) {
                throw new java.io.EOFException("the stream ended without a response");
            }
        }
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
    }

    private void connect(String host, int port) throws IOException {
        QuicSslContext context = QuicSslContextBuilder.forClient()
                .trustManager(tls.recorder())
                .keyManager(tls.keys(), null)
                .applicationProtocols(Http3.supportedApplicationProtocols())
                // the recorder judges the name, as for the other versions
                .endpointIdentificationAlgorithm(null)
                .build();
        String name = tls.nameFor(host);
        ChannelHandler codec = Http3.newQuicClientCodecBuilder()
                .sslEngineProvider(channel -> context.newEngine(channel.alloc(), name, port))
                // judging a chain takes its time, and reading key files too
                .sslTaskExecutor(TASKS)
                .maxIdleTimeout(left().toMillis() + 1_000, TimeUnit.MILLISECONDS)
                .initialMaxData(2L * WINDOW)
                .initialMaxStreamDataBidirectionalLocal(WINDOW)
                .initialMaxStreamDataUnidirectional(WINDOW)
                .build();
        var bootstrap = new Bootstrap()
                .group(Quic.loop())
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Listening(inbox, received), codec);
                    }
                });
        // connected, so that a closed port is heard of (ICMP) and nobody else's packets are taken
        var bound = bootstrap.connect(to).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw failed(bound.cause());
        }
        datagrams = bound.channel();
        QuicChannel.newBootstrap(datagrams)
                .remoteAddress(to)
                .streamHandler(new Refusing())
                .handler(new Connection(inbox))
                .connect()
                .addListener(done -> {
                    if (done.isSuccess()) {
                        QuicChannel standing = (QuicChannel) done.getNow();
                        SSLEngine engine = standing.sslEngine();
                        if (engine != null) {
                            tls.recorder().agreed(engine.getSession().getCipherSuite());
                        }
                        connection = standing;
                        inbox.put(new Inbox.Connected());
                    } else {
                        inbox.put(new Inbox.Broken(failed(done.cause())));
                    }
                });
    }

    private static final java.util.concurrent.Executor TASKS =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("quic-tls-", 0).factory());

    private static IOException failed(@Nullable Throwable why) {
        if (why instanceof PortUnreachableException) {
            return new ConnectException("Connection refused");
        }
        return why instanceof IOException e ? e : new IOException(why == null ? "QUIC failed" : String.valueOf(why.getMessage()), why);
    }

    private void send(Request request) throws IOException {
        QuicChannel standing = java.util.Objects.requireNonNull(connection, "connected");
        var made = Http3.newRequestStreamBootstrap(standing, new ResponseReader(inbox))
                .option(ChannelOption.AUTO_READ, false)
                .create()
                .awaitUninterruptibly();
        if (!made.isSuccess()) {
            throw failed(made.cause());
        }
        QuicStreamChannel opened = made.getNow();
        stream = opened;
        ChannelFuture last = opened.write(new DefaultHttp3HeadersFrame(fields(request)));
        RequestBody body = request.body();
        if (body != null && body.contentLength() != 0) {
            var bytes = new Buffer();
            body.writeTo(bytes);
            last = opened.write(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(bytes.readByteArray())));
        }
        // what waits for the peer's permission goes out first
        last.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        opened.flush();
        opened.read();
    }

    private static Http3Headers fields(Request request) {
        var fields = new DefaultHttp3Headers();
        fields.method(request.method());
        fields.scheme("https");
        String host = request.header("Host");
        fields.authority(host != null ? host : authority(request.url()));
        String query = request.url().encodedQuery();
        fields.path(request.url().encodedPath() + (query == null ? "" : "?" + query));
        request.headers().forEach(field -> {
            String name = field.getFirst().toLowerCase(Locale.ROOT);
            if (!DROPPED.contains(name)) {
                fields.add(name, field.getSecond());
            }
        });
        RequestBody body = request.body();
        if (body != null) {
            MediaType type = body.contentType();
            if (type != null && request.header("Content-Type") == null) {
                fields.set("content-type", type.toString());
            }
            try {
                if (body.contentLength() >= 0 && request.header("Content-Length") == null) {
                    fields.set("content-length", Long.toString(body.contentLength()));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return fields;
    }

    private static String authority(HttpUrl url) {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        return url.port() == HttpUrl.defaultPort(url.scheme()) ? host : host + ":" + url.port();
    }

    private static int head(Http3Headers head, Headers.Builder fields) throws IOException {
        CharSequence status = head.status();
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            if (field.getKey().length() > 0 && field.getKey().charAt(0) != ':') {
                fields.addUnsafeNonAscii(field.getKey().toString(), field.getValue().toString());
            }
        }
        try {
            return Integer.parseInt(String.valueOf(status));
        } catch (NumberFormatException _) {
            throw new ProtocolException("the response has no status");
        }
    }

    private Response response(Request request, int status, Headers headers) {
        String announced = headers.get("Content-Length");
        long length = -1;
        if (announced != null) {
            try {
                length = Math.max(-1, Long.parseLong(announced.strip()));
            } catch (NumberFormatException _) {
                length = -1;
            }
        }
        boolean bodiless = request.method().equals("HEAD") || status == 204 || status == 304;
        String type = headers.get("Content-Type");
        var source = Okio.buffer(new BodySource(this, inbox, bodiless ? -1 : length));
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_3)
                .code(status)
                .message("")
                .headers(headers)
                .body(ResponseBody.create(source, type == null ? null : MediaType.parse(type), length))
                .build();
    }

    /** Asks the packets' thread for more. */
    void more() {
        QuicStreamChannel open = stream;
        if (open != null) {
            open.read();
        }
    }

    /** How long the body may still take. */
    Duration patience() {
        return left();
    }

    /** Ends the connection, telling the peer so; returns at once. */
    @Override
    public void close() {
        QuicChannel standing = connection;
        Channel socket = datagrams;
        if (standing != null) {
            standing.close(true, 0x100, Unpooled.EMPTY_BUFFER).addListener(_ -> {
                if (socket != null) {
                    socket.close();
                }
            });
        } else if (socket != null) {
            socket.close();
        }
    }

    /** The HTTP/3 side of a connection: bounds what a peer may send beside the response. */
    private static final class Connection extends ChannelInitializer<QuicChannel> {
        private final Inbox inbox;

        Connection(Inbox inbox) {
            this.inbox = inbox;
        }

        @Override
        protected void initChannel(QuicChannel channel) {
            var settings = Http3Settings.defaultSettings().maxFieldSectionSize(LARGEST_HEAD).qpackMaxTableCapacity(0);
            channel.pipeline()
                    .addLast(
                            new Farewell(inbox),
                            new Http3ClientConnectionHandler(null, null, null, new DefaultHttp3SettingsFrame(settings), true));
        }
    }

    /** Hears why the peer ends the connection. */
    private static final class Farewell extends ChannelInboundHandlerAdapter {
        private final Inbox inbox;

        Farewell(Inbox inbox) {
            this.inbox = inbox;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof QuicConnectionCloseEvent closed) {
                inbox.put(new Inbox.Broken(
                        closed.isTlsError()
                                ? new SSLHandshakeException("Received fatal alert: "
                                        + TlsAlert.name(QuicConnectionCloseEvent.extractTlsError(closed.error())))
                                : new IOException("the peer ended QUIC: " + closed)));
            }
            super.userEventTriggered(ctx, event);
        }
    }

    /** No peer opens streams of its own for requests here. */
    private static final class Refusing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.close();
        }
    }

    /** Counts packets, tells of the first, and hears of a closed port. */
    private static final class Listening extends ChannelInboundHandlerAdapter {
        private final Inbox inbox;
        private final AtomicLong received;
        private boolean heard;

        Listening(Inbox inbox, AtomicLong received) {
            this.inbox = inbox;
            this.received = received;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
            if (message instanceof DatagramPacket packet) {
                received.addAndGet(packet.content().readableBytes());
                if (!heard) {
                    heard = true;
                    inbox.put(new Inbox.Alive());
                }
            }
            super.channelRead(ctx, message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            inbox.put(new Inbox.Broken(failed(cause)));
            ctx.close();
        }
    }
}
