package dev.gatewatch.probes.nameserver;

import dev.gatewatch.probes.net.UnconnectedSockets;
import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import dev.gatewatch.probes.tls.TlsFailures;
import dev.gatewatch.probes.tls.TlsRun;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.xbill.DNS.Message;

/** Asks over HTTPS (RFC 8484), HTTP/2 where the server speaks it, over a connection of its own. Pure function over the network. */
final class HttpsExchange {
    private static final MediaType DNS = MediaType.get("application/dns-message");

    private static final ConnectionSpec ANY_TLS = new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
            .allEnabledTlsVersions()
            .allEnabledCipherSuites()
            .build();

    private static final OkHttpClient BASE = new OkHttpClient.Builder()
            .connectionSpecs(List.of(ANY_TLS))
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .fastFallback(false)
            .proxy(Proxy.NO_PROXY)
            // the recorder has judged the name within the handshake
            .hostnameVerifier((_, _) -> true)
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build();

    private HttpsExchange() {}

    static Exchange ask(
            NameServer server,
            InetSocketAddress to,
            Optional<InetAddress> source,
            TlsRun tls,
            Message query,
            Deadline deadline,
            Stopwatch watch)
            throws NoReply, InterruptedIOException {
        watch.start();
        var progress = new HttpsProgress(watch);
        OkHttpClient client = BASE.newBuilder()
                .dns(_ -> List.of(to.getAddress()))
                .socketFactory(new SourceSockets(source))
                .sslSocketFactory(tls.socketFactory(), tls.recorder())
                .eventListener(progress)
                .callTimeout(Duration.ofMillis(deadline.leftMillis()))
                // none is kept, and none of another question can be used
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .build();
        Call call = client.newCall(request(server, query));
        try (Response response = call.execute()) {
            byte[] bytes = body(response);
            watch.answered();
            return new Exchange(StreamExchange.fitting(bytes, query), watch.total(), 0, 0);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while asking " + server);
            }
            HttpsProgress.Stage stage = progress.stage();
            watch.answered();
            throw new NoReply(failure(e, stage, to, tls, deadline));
        } finally {
            call.cancel();
        }
    }

    private static Request request(NameServer server, Message query) {
        byte[] question = query.toWire();
        var request = new Request.Builder().header("Accept", DNS.toString()).header("User-Agent", "Gatewatch");
        if (!server.get()) {
            return request.url(server.url()).post(RequestBody.create(question, DNS)).build();
        }
        String coded = Base64.getUrlEncoder().withoutPadding().encodeToString(question);
        char mark = server.path().indexOf('?') < 0 ? '?' : '&';
        return request.url(server.url() + mark + "dns=" + coded).build();
    }

    private static byte[] body(Response response) throws IOException, NoReply {
        int status = response.code();
        if (status != 200) {
            Cause cause = switch (status) {
                case 429 -> Cause.RATE_LIMITED;
                case 401, 403 -> Cause.DNS_REFUSED;
                default -> Cause.DNS_SERVFAIL;
            };
            throw new NoReply(cause, "it answers HTTP " + status + " instead of a DNS message");
        }
        MediaType type = response.body().contentType();
        if (type == null || !(type.type() + "/" + type.subtype()).equals(DNS.toString())) {
            throw new NoReply(
                    Cause.DNS_MISMATCH,
                    "it answers " + (type == null ? "without a content type" : type.type() + "/" + type.subtype()) + ", expected " + DNS);
        }
        var source = response.body().source();
        if (source.request(Packet.LONGEST + 1L)) {
            throw new NoReply(Cause.DNS_MISMATCH, "its answer is longer than any DNS message (" + Packet.LONGEST + " bytes)");
        }
        return source.readByteArray();
    }

    private static Failure failure(
            IOException e, HttpsProgress.Stage stage, InetSocketAddress to, TlsRun tls, Deadline deadline) {
        Duration took = deadline.elapsed();
        // OkHttp's own clock may be a moment ahead of ours
        boolean timedOut = e instanceof InterruptedIOException || deadline.leftMillis() <= 1;
        return switch (stage) {
            case CONNECTING -> NetFailures.connect(e, to, took);
            case SECURING -> timedOut
                    ? new Failure(
                            Cause.RESPONSE_TIMEOUT, "the TLS handshake did not end within " + Durations.format(deadline.timeout()))
                    : TlsFailures.handshake(e, tls, took);
            case ASKING -> timedOut
                    ? new Failure(
                            Cause.DNS_TIMEOUT,
                            "it took the connection and gave no answer within " + Durations.format(deadline.timeout()))
                    : TlsFailures.afterHandshake(e, tls)
                            .orElseGet(() -> NetFailures.read(e, "waiting for the answer", took));
        };
    }

    /** Sockets that are bound before they connect. */
    private static final class SourceSockets extends UnconnectedSockets {
        private final Optional<InetAddress> source;

        SourceSockets(Optional<InetAddress> source) {
            this.source = source;
        }

        @Override
        public Socket createSocket() throws IOException {
            var socket = new Socket(Proxy.NO_PROXY);
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            socket.setTcpNoDelay(true);
            return socket;
        }
    }
}
