package dev.gatewatch.probes.grpc;

import dev.gatewatch.probes.tls.Certificates;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.tls.HeldCertificate;

/** Real gRPC servers on loopback, port 0. */
final class GrpcServers implements AutoCloseable {
    /** What the servers say of the tests' hostile clients; held, as the level would go with a logger that nobody holds. */
    private static final Logger LOG = Logger.getLogger("io.grpc.okhttp.OkHttpServerTransport");

    static {
        LOG.setLevel(Level.OFF);
    }

    private final List<Server> servers = new ArrayList<>();

    /** The metadata and authority of each call that came. */
    final List<Metadata> calls = Collections.synchronizedList(new ArrayList<>());

    final List<String> authorities = Collections.synchronizedList(new ArrayList<>());

    /** The health service of grpc-services: the server and pay.v1.Payments serve, pay.v1.Refunds does not. */
    static BindableService health() {
        var manager = new HealthStatusManager();
        manager.setStatus("pay.v1.Payments", ServingStatus.SERVING);
        manager.setStatus("pay.v1.Refunds", ServingStatus.NOT_SERVING);
        manager.setStatus("pay.v1.Ledger", ServingStatus.UNKNOWN);
        return manager.getHealthService();
    }

    /** A health service that ends each call with a status. */
    static BindableService refusing(Status status) {
        return new HealthGrpc.HealthImplBase() {
            @Override
            public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
                answer.onError(status.asRuntimeException());
            }
        };
    }

    /** A health service that answers with a status whatever it is asked for. */
    static BindableService answering(ServingStatus status) {
        return answering(HealthCheckResponse.newBuilder().setStatus(status).build());
    }

    static BindableService answering(HealthCheckResponse response) {
        return new HealthGrpc.HealthImplBase() {
            @Override
            public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
                answer.onNext(response);
                answer.onCompleted();
            }
        };
    }

    /** A health service that takes calls and never answers. */
    static BindableService hanging() {
        return new HealthGrpc.HealthImplBase() {
            @Override
            public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
                // for ever
            }
        };
    }

    String plain(BindableService... services) throws IOException {
        return start(InsecureServerCredentials.create(), services);
    }

    String tls(HeldCertificate own, ClientAuth clientAuth, BindableService... services) throws IOException {
        return start(
                TlsServerCredentials.newBuilder()
                        .keyManager(
                                stream(own.certificatePem() + Certificates.INTERMEDIATE.certificatePem()),
                                stream(own.privateKeyPkcs8Pem()))
                        .trustManager(stream(Certificates.ROOT.certificatePem()))
                        .clientAuth(clientAuth)
                        .build(),
                services);
    }

    private String start(ServerCredentials credentials, BindableService... services) throws IOException {
        OkHttpServerBuilder builder = OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials);
        // so that the library's own threads can only be the client's
        Executor threads = task -> Thread.ofVirtual().start(task);
        builder.executor(threads).transportExecutor(threads);
        for (BindableService service : services) {
            builder.addService(service);
        }
        Server server = builder.intercept(new Recorder()).build().start();
        servers.add(server);
        return "127.0.0.1:" + server.getPort();
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }

    private final class Recorder implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            calls.add(headers);
            authorities.add(String.valueOf(call.getAuthority()));
            return next.startCall(new SimpleForwardingServerCall<>(call) {}, headers);
        }
    }

    @Override
    public void close() {
        servers.forEach(Server::shutdownNow);
    }
}
