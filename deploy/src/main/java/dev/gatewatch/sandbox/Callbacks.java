package dev.gatewatch.sandbox;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells merchants that an order is paid: a POST to the URL that came with the payment, tried again a few times. Safe for many threads. */
final class Callbacks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);
    private static final MediaType JSON = MediaType.get(Response.JSON);
    private static final int MAX_WAITING = 64;

    /** The pauses before the first and each further attempt. */
    private static final List<Duration> ATTEMPTS =
            List.of(Orders.SETTLING, Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));

    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private final ReentrantLock making = new ReentrantLock();
    /** Guarded by {@link #making}. Made for the first callback: most sandboxes never send one, and all want to start quickly. */
    private @Nullable OkHttpClient client;

    /** A callback address that may be called: plain HTTP on this machine, for the sandbox calls nobody outside. */
    static Optional<URI> address(String text) {
        try {
            URI uri = URI.create(text);
            return Optional.of(uri).filter(u -> "http".equals(u.getScheme()) && u.getHost() != null && Loopback.names(u.getHost()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Calls after the order has settled, or so much later. With too many callbacks waiting already, this one is dropped. */
    void schedule(URI address, String body, Duration later) {
        if (waiting.size() >= MAX_WAITING) {
            log.warn("callback to {} dropped: {} are waiting already", address, MAX_WAITING);
            return;
        }
        Thread thread = Thread.ofVirtual().name("sandbox-callback").unstarted(() -> {
            try {
                Thread.sleep(later);
                call(address, body);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                waiting.remove(Thread.currentThread());
            }
        });
        waiting.add(thread);
        thread.start();
    }

    private void call(URI address, String body) throws InterruptedException {
        for (Duration pause : ATTEMPTS) {
            Thread.sleep(pause);
            if (delivered(address, body)) {
                return;
            }
        }
        log.warn("callback to {} given up after {} attempts", address, ATTEMPTS.size());
    }

    private OkHttpClient client() {
        making.lock();
        try {
            if (client == null) {
                client = new OkHttpClient.Builder()
                        .callTimeout(Duration.ofSeconds(2))
                        .followRedirects(false)
                        .retryOnConnectionFailure(false)
                        .build();
            }
            return client;
        } finally {
            making.unlock();
        }
    }

    private boolean delivered(URI address, String body) {
        var request = new okhttp3.Request.Builder()
                .url(address.toString())
                .post(RequestBody.create(body, JSON))
                .build();
        try (var response = client().newCall(request).execute()) {
            return response.isSuccessful();
        } catch (IOException e) {
            log.debug("callback to {}: {}", address, e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        waiting.forEach(Thread::interrupt);
        making.lock();
        try {
            if (client != null) {
                client.connectionPool().evictAll();
            }
        } finally {
            making.unlock();
        }
    }
}
