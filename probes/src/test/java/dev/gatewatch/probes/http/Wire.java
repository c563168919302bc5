package dev.gatewatch.probes.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A server of plain sockets that says whatever a test wants, rightly or wrongly. Each connection gets a thread. */
final class Wire implements AutoCloseable {
    private final ServerSocket listener;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** What to do with a connection whose request head was read; the connection is closed when it returns. */
    @FunctionalInterface
    interface Talk {
        void with(Socket peer, OutputStream out) throws IOException, InterruptedException;
    }

    private Wire(boolean readHead, Talk talk) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(readHead, talk));
    }

    /** Reads the head of a request, then talks. */
    static Wire answering(Talk talk) throws IOException {
        return new Wire(true, talk);
    }

    /** Talks at once. */
    static Wire talking(Talk talk) throws IOException {
        return new Wire(false, talk);
    }

    /** Answers each request with these bytes. */
    static Wire saying(String answer) throws IOException {
        return answering((_, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Takes connections and never says a word. */
    static Wire silent() throws IOException {
        Wire[] self = new Wire[1];
        var made = new CountDownLatch(1);
        self[0] = talking((_, _) -> {
            made.await();
            self[0].closed.await();
        });
        made.countDown();
        return self[0];
    }

    /** Waits until the test is over, so that the connection stays open. */
    void stall() throws InterruptedException {
        closed.await();
    }

    int port() {
        return listener.getLocalPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    private void accept(boolean readHead, Talk talk) {
        while (closed.getCount() > 0) {
            try {
                Socket peer = listener.accept();
                open.add(peer);
                Thread.ofVirtual().start(() -> serve(peer, readHead, talk));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private static void serve(Socket peer, boolean readHead, Talk talk) {
        try (peer) {
            if (readHead) {
                var in = new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.ISO_8859_1));
                String line = in.readLine();
                while (line != null && !line.isEmpty()) {
                    line = in.readLine();
                }
            }
            talk.with(peer, peer.getOutputStream());
        } catch (IOException _) {
            // the probe has gone away
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
