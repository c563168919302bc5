package dev.gatewatch.alerting.heartbeat;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.HttpReply;
import dev.gatewatch.alerting.channel.support.HttpSender;
import dev.gatewatch.alerting.channel.support.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends beats, one at a time, each on a virtual thread of its own that ends with it. What does not arrive is only told in the log:
 * that the switch then calls somebody is what it is for. Safe for many threads.
 */
public final class HeartbeatSender implements Pulse, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);

    // set once
    private final HeartbeatSettings settings;
    private final HttpSender sender;

    // handed over between threads
    private final AtomicReference<Beat> beat = new AtomicReference<>(Beat.ARRIVED);
    private volatile boolean failed;

    HeartbeatSender(HeartbeatSettings settings, HttpSender sender) {
        this.settings = settings;
        this.sender = sender;
    }

    /** Where the last beat is. */
    private enum Beat {
        ON_ITS_WAY,
        ARRIVED
    }

    @Override
    public void beat() {
        if (beat.compareAndSet(Beat.ARRIVED, Beat.ON_ITS_WAY)) {
            Thread.ofVirtual().name("heartbeat").start(() -> {
                try {
                    send();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                } finally {
                    beat.set(Beat.ARRIVED);
                }
            });
        }
    }

    @Override
    public boolean failed() {
        return failed;
    }

    private void send() throws InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        settings.url().basicCredentials().ifPresent(value -> headers.put("Authorization", value));
        settings.bearerToken().ifPresent(token -> headers.put("Authorization", "Bearer " + token.reveal()));
        HttpReply reply = sender.send(
                settings.method().name(),
                settings.url(),
                settings.url().reveal(),
                headers,
                new byte[0],
                settings.bearerToken().stream().toList());
        switch (Verdict.of(reply)) {
            case Delivery.Delivered _ -> arrived();
            case Delivery.Retry retry -> lost(retry.reason());
            case Delivery.Refused refused -> lost(refused.reason());
            case Delivery.Broken broken -> lost(broken.reason());
        }
    }

    private void arrived() {
        if (failed) {
            LOG.info("The heartbeat arrives again");
        }
        failed = false;
    }

    private void lost(String reason) {
        if (!failed) {
            LOG.warn("The heartbeat does not arrive: {}", reason);
        }
        failed = true;
    }

    @Override
    public void close() {
        sender.close();
    }
}
