package dev.gatewatch.probes.grpc;

import dev.gatewatch.probes.net.Connection;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/**
 * One {@code grpc.health.v1.Health/Check} over a connection that is there. Immutable.
 *
 * @param authority the {@code :authority} to send
 * @param service the service to ask for; empty for the server as a whole
 */
record HealthCall(String authority, String service, CallMetadata metadata) {
    /** A health answer has a few bytes; more is somebody else's. */
    private static final int MOST_BYTES = 64 * 1_024;

    /** How long to wait for the library to let go of a connection that is closed. */
    private static final int LEAVE_MILLIS = 200;

    /** The library's work for one run: a reader, a writer, and callbacks. */
    private static final Executor THREADS =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("probe-grpc-", 0).factory());

    /**
     * Asks and waits for the answer.
     *
     * @param socket of the connection, with TLS where that is spoken
     * @throws StatusRuntimeException for any other answer, for none, and when the thread was interrupted, which it stays
     */
    Serving check(Connection connection, Socket socket, Tap tap) {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("probe-grpc-timer").factory());
        ManagedChannel channel = channel(new GivenSocket(socket, tap), socket instanceof SSLSocket, timer);
        try {
            var request = HealthCheckRequest.newBuilder().setService(service).build();
            return Serving.of(HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(connection.deadline().leftMillis(), TimeUnit.MILLISECONDS)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata.toSend()))
                    .check(request)
                    .getStatus());
        } finally {
            leave(channel, connection);
            timer.shutdownNow();
        }
    }

    private ManagedChannel channel(GivenSocket socket, boolean tls, ScheduledExecutorService timer) {
        // the target is not looked up or connected to: the socket is given
        OkHttpChannelBuilder builder = OkHttpChannelBuilder.forTarget("dns:///127.0.0.1:1")
                .socketFactory(socket.asFactory())
                .overrideAuthority(authority)
                .executor(THREADS)
                .offloadExecutor(THREADS)
                .transportExecutor(THREADS)
                .scheduledExecutorService(timer)
                .proxyDetector(_ -> null)
                .disableServiceConfigLookUp()
                .disableRetry()
                .maxInboundMessageSize(MOST_BYTES)
                .userAgent("gatewatch");
        if (tls) {
            // the chain and the name in it were judged within the handshake
            builder.sslSocketFactory(socket.asTlsFactory()).hostnameVerifier((_, _) -> true);
        } else {
            builder.usePlaintext();
        }
        return builder.build();
    }

    /** Ends the channel with its threads; the report waits for it no longer than a moment. */
    private static void leave(ManagedChannel channel, Connection connection) {
        boolean interrupted = Thread.interrupted();
        channel.shutdownNow();
        connection.close();
        try {
            channel.awaitTermination(LEAVE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
