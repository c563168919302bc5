package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.http3.Progress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * How long each phase took, summed over the exchanges of a run, and which is open. Confined to the run's thread: OkHttp tells a
 * synchronous call's events on the caller's thread.
 */
final class PhaseClock extends EventListener {
    private final EnumMap<Phase, Long> nanos = new EnumMap<>(Phase.class);
    private Runnable connected = () -> {};
    private @Nullable Phase open;
    private long since;
    private boolean sent;

    /** Ends the open phase, if any, and begins another. */
    void begin(Phase phase) {
        end();
        open = phase;
        since = System.nanoTime();
    }

    /** Ends the open phase; its time counts also when it failed. */
    void end() {
        if (open != null) {
            nanos.merge(open, System.nanoTime() - since, Long::sum);
            open = null;
        }
    }

    /** Whether any request of the last exchange was begun to be sent. */
    boolean isSent() {
        return sent;
    }

    /** A new exchange begins: nothing of it is sent yet. */
    void unsent() {
        sent = false;
    }

    /** Which phase is going on. */
    Optional<Phase> open() {
        return Optional.ofNullable(open);
    }

    /** How long the open phase has been going on this time; zero where none is open. */
    Duration running() {
        return open == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** How long a phase has taken so far. */
    Duration took(Phase phase) {
        long running = phase == open ? System.nanoTime() - since : 0;
        return Duration.ofNanos(nanos.getOrDefault(phase, 0L) + running);
    }

    /** Which phase took longest so far. */
    Phase longest() {
        Phase longest = Phase.RESOLVE;
        for (Phase phase : Phase.values()) {
            if (took(phase).compareTo(took(longest)) > 0) {
                longest = phase;
            }
        }
        return longest;
    }

    /** Hears how an exchange over QUIC goes on. */
    Progress overQuic() {
        return new Progress() {
            @Override
            public void connecting() {
                begin(Phase.CONNECT);
            }

            @Override
            public void securing() {
                connected.run();
                begin(Phase.TLS);
            }

            @Override
            public void sending() {
                begin(Phase.PROCESSING);
                sent = true;
            }

            @Override
            public void answered() {
                begin(Phase.TRANSFER);
            }
        };
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        begin(Phase.CONNECT);
    }

    /** Runs this as soon as the next TCP connection stands, or one that stood before is used. */
    void onConnected(Runnable then) {
        connected = then;
    }

    @Override
    public void secureConnectStart(Call call) {
        connected.run();
        begin(Phase.TLS);
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        end();
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        end();
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        connected.run();
        begin(Phase.PROCESSING);
    }

    @Override
    public void requestHeadersStart(Call call) {
        sent = true;
    }

    @Override
    public void responseHeadersStart(Call call) {
        begin(Phase.TRANSFER);
    }
}
