package dev.gatewatch.probes.http3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamResetException;
import java.io.IOException;
import java.net.ProtocolException;
import okio.ByteString;

/** Puts what comes on a request's stream into the inbox. Confined to the packets' thread. */
final class ResponseReader extends Http3RequestStreamInboundHandler {
    private final Inbox inbox;
    private boolean ended;

    ResponseReader(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
        inbox.put(new Inbox.Head(frame.headers()));
        ctx.read();
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
        try {
            inbox.put(new Inbox.Data(ByteString.of(frame.content().nioBuffer())));
        } finally {
            frame.release();
        }
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!ended) {
            broken(new IOException("the peer closed the connection"));
        }
    }

    @Override
    protected void handleQuicException(ChannelHandlerContext ctx, QuicException e) {
        broken(
                e instanceof QuicStreamResetException reset
                        ? new IOException("the peer gave up the HTTP/3 stream: code " + reset.applicationProtocolCode(), e)
                        : new IOException("the peer broke off QUIC: " + e.getMessage(), e));
    }

    @Override
    protected void handleHttp3Exception(ChannelHandlerContext ctx, Http3Exception e) {
        var protocol = new ProtocolException(String.valueOf(e.getMessage()));
        protocol.initCause(e);
        broken(protocol);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicException || cause instanceof Http3Exception) {
            super.exceptionCaught(ctx, cause);
        } else {
            broken(new IOException(String.valueOf(cause.getMessage()), cause));
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            inbox.put(new Inbox.End());
        }
    }

    private void broken(IOException why) {
        if (!ended) {
            ended = true;
            inbox.put(new Inbox.Broken(why));
        }
    }
}
