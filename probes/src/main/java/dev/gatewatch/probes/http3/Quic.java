package dev.gatewatch.probes.http3;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;

/** The native QUIC library and the one thread that moves its packets, made when the first probe needs them. Safe for many threads. */
final class Quic {
    private Quic() {}

    private static final class Lazy {
        private static final EventLoopGroup LOOP =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("quic", true), NioIoHandler.newFactory());
    }

    static EventLoopGroup loop() {
        return Lazy.LOOP;
    }

    /** Why there is no QUIC on this machine; absent where there is. */
    static Optional<Failure> missing() {
        if (io.netty.handler.codec.quic.Quic.isAvailable()) {
            return Optional.empty();
        }
        Throwable why = io.netty.handler.codec.quic.Quic.unavailabilityCause();
        return Optional.of(new Failure(
                Cause.MISSING_COMPONENT,
                "HTTP/3 needs a native library that cannot be loaded on this machine (" + System.getProperty("os.name") + ", "
                        + System.getProperty("os.arch") + "): " + (why == null ? "no reason given" : why.getMessage())));
    }
}
