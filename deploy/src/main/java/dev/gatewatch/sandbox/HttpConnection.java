package dev.gatewatch.sandbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: request after request on a virtual thread of its own. Only {@link #cut} and {@link #join} are for other
 * threads.
 */
final class HttpConnection implements Handler.Caller {
    /** Turns an accepted socket into the one to talk over: as it is, or under TLS. */
    interface Transport {
        Socket over(Socket accepted) throws IOException;
    }

    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

    /** How long a client may keep quiet, between requests or within one. */
    private static final Duration QUIET = Duration.ofSeconds(20);

    private final Socket accepted;
    private final Transport transport;
    private final Handler handler;
    private final Consumer<HttpConnection> ending;
    private final Thread thread;
    private InputStream in = InputStream.nullInputStream();
    /** Whether another thread has begun to read ahead, after which no further request can be taken. */
    private boolean last;

    /** {@code ending} is told when all is over, on the connection's thread. */
    HttpConnection(
            String name, Socket accepted, Transport transport, Handler handler, Consumer<HttpConnection> ending) {
        this.accepted = accepted;
        this.transport = transport;
        this.handler = handler;
        this.ending = ending;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::serve);
    }

    void start() {
        thread.start();
    }

    /** Ends the connection without a word, as a crashed server would. */
    void cut() {
        closeQuietly(accepted);
        thread.interrupt();
    }

    void join(Duration patience) throws InterruptedException {
        thread.join(patience);
    }

    /** Longer than any client waits. */
    private static final Duration STALL = Duration.ofSeconds(30);

    private void serve() {
        try {
            accepted.setTcpNoDelay(true);
            accepted.setSoTimeout(Math.toIntExact(QUIET.toMillis()));
            try (Socket socket = transport.over(accepted)) {
                serve(socket);
            }
        } catch (IOException | InterruptedException e) {
            log.debug("connection ended: {}", e.toString()); // a client that hangs up or distrusts us is no event here
        } finally {
            closeQuietly(accepted);
            ending.accept(this);
        }
    }

    private void serve(Socket socket) throws IOException, InterruptedException {
        in = new BufferedInputStream(socket.getInputStream(), 2048);
        RequestReader reader = new RequestReader(in);
        while (!last) {
            Optional<Request> request;
            try {
                request = reader.next();
            } catch (RequestReader.Refused e) {
                last = true;
                write(socket, Response.text(e.status(), e.getMessage() + "\n"), false);
                return;
            }
            if (request.isEmpty()) {
                return;
            }
            Response response = answer(request.get());
            last |= request.get().header("Connection").filter("close"::equalsIgnoreCase).isPresent();
            write(socket, response, request.get().method().equals("HEAD"));
        }
    }

    private Response answer(Request request) throws InterruptedException {
        try {
            return handler.handle(request, this);
        } catch (RuntimeException e) {
            log.error("{} {} failed", request.method(), request.path(), e);
            return Response.text(500, "The sandbox itself failed; see its log.\n");
        }
    }

    private void write(Socket socket, Response response, boolean headOnly) throws IOException, InterruptedException {
        if (response.delivery() == Response.Delivery.RESET) {
            last = true;
            accepted.setSoLinger(true, 0); // closing then sends RST
            accepted.close();
            return;
        }
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(response.reason())
                .append("\r\n");
        response.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Date: ")
                .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .append("\r\n");
        if (response.status() != 204 && response.status() != 304) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append(last ? "Connection: close\r\n\r\n" : "\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[start.length + (headOnly ? 0 : body.length)];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(body, 0, whole, start.length, whole.length - start.length);
        boolean partly = response.delivery() != Response.Delivery.WHOLE;
        socket.getOutputStream().write(whole, 0, partly ? start.length + body.length / 2 : whole.length);
        socket.getOutputStream().flush();
        last |= partly;
        if (response.delivery() == Response.Delivery.STALLS) {
            whileConnected(() -> Thread.sleep(STALL));
        }
    }

    @Override
    public void whileConnected(Handler.Waiting waiting) throws InterruptedException {
        last = true;
        AtomicBoolean waited = new AtomicBoolean();
        Thread watcher = Thread.ofVirtual().name(thread.getName() + "-watch").start(() -> {
            awaitHangUp();
            if (waited.compareAndSet(false, true)) {
                thread.interrupt();
            }
        });
        try {
            waiting.await();
        } finally {
            if (!waited.compareAndSet(false, true)) {
                watcher.join();
            }
        }
    }

    /** Returns when the client has closed the connection, or said something, which a client that waits for an answer does not. */
    private void awaitHangUp() {
        try {
            accepted.setSoTimeout(0);
            int _ = in.read();
        } catch (IOException e) {
            log.trace("client hung up: {}", e.toString());
        }
    }

    static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            log.debug("closing {}: {}", resource, e.toString());
        }
    }
}
