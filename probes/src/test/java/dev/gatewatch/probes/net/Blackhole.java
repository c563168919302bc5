package dev.gatewatch.probes.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A port that answers no connection attempt: its backlog is full and nobody accepts, so the kernel drops further ones. */
public final class Blackhole implements Closeable {
    private final ServerSocket listener;
    private final List<SocketChannel> waiting = new ArrayList<>();

    public Blackhole() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        // a connection over loopback is there at once, or waits for room in the backlog
        boolean full = false;
        while (!full) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            waiting.add(channel);
            full = !channel.connect(listener.getLocalSocketAddress()) && !channel.finishConnect();
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : waiting) {
            channel.close();
        }
        listener.close();
    }
}
