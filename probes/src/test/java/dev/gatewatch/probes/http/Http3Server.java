package dev.gatewatch.probes.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.tls.HeldCertificate;

/** A server that speaks nothing but HTTP/3, and behaves as a test says. */
final class Http3Server implements AutoCloseable {
    /** What a request gets; called on the server's thread. */
    @FunctionalInterface
    interface Behaviour {
        void answer(QuicStreamChannel stream, Http3Headers request);
    }

    final List<Http3Headers> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger bodyBytes = new AtomicInteger();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    Http3Server(HeldCertificate leaf, String protocol, Behaviour behaviour) throws InterruptedException {
        var tls = QuicSslContextBuilder.forServer(leaf.keyPair().getPrivate(), null, leaf.certificate())
                .applicationProtocols(protocol)
                .build();
        var codec = Http3.newQuicServerCodecBuilder()
                .sslContext(tls)
                .maxIdleTimeout(10, TimeUnit.SECONDS)
                .initialMaxData(10_000_000)
                .initialMaxStreamDataBidirectionalLocal(1_000_000)
                .initialMaxStreamDataBidirectionalRemote(1_000_000)
                .initialMaxStreamsBidirectional(100)
                .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel connection) {
                        connection.pipeline().addLast(new Http3ServerConnectionHandler(new ChannelInitializer<QuicStreamChannel>() {
                            @Override
                            protected void initChannel(QuicStreamChannel stream) {
                                stream.pipeline().addLast(new Requests(behaviour));
                            }
                        }));
                    }
                })
                .build();
        channel = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(codec)
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .sync()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    static void head(QuicStreamChannel stream, int status, String... fields) {
        var headers = new DefaultHttp3Headers();
        headers.status(Integer.toString(status));
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        stream.writeAndFlush(new DefaultHttp3HeadersFrame(headers));
    }

    static ChannelFuture data(QuicStreamChannel stream, String text) {
        return stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
    }

    static Behaviour saying(int status, String body, String... fields) {
        return (stream, request) -> {
            head(stream, status, fields);
            data(stream, body).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        };
    }

    private final class Requests extends Http3RequestStreamInboundHandler {
        private final Behaviour behaviour;
        private Http3Headers request = new DefaultHttp3Headers();

        private Requests(Behaviour behaviour) {
            this.behaviour = behaviour;
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            request = frame.headers();
            requests.add(request);
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
            bodyBytes.addAndGet(frame.content().readableBytes());
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {
            behaviour.answer((QuicStreamChannel) ctx.channel(), request);
        }
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
