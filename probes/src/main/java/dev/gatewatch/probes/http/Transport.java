package dev.gatewatch.probes.http;

import dev.gatewatch.probes.http.HttpConfig.OfferedVersion;
import dev.gatewatch.probes.tls.TlsRun;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Makes calls that go to one given address over a fresh connection and do nothing by themselves: no retry, redirect, cookie, cache,
 * proxy or decompression. Synchronous calls run on the caller's thread. Safe for many threads.
 */
final class Transport {
    /** Stands for a {@code Retry-After: 0} that OkHttp must not see: it would repeat the request by itself. */
    private static final String RETRY_NOW = "Gatewatch-Retry-After";

    /** Whatever versions and suites the socket has enabled: they are the TLS settings' to choose. */
    private static final ConnectionSpec ANY_TLS = new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
            .allEnabledTlsVersions()
            .allEnabledCipherSuites()
            .build();

    private static final OkHttpClient BASE = new OkHttpClient.Builder()
            .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            // one address at a time, on the caller's thread
            .fastFallback(false)
            .proxy(Proxy.NO_PROXY)
            // the call's own time-out is the deadline
            .callTimeout(Duration.ZERO)
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .addNetworkInterceptor(chain -> hideRetryNow(chain.proceed(chain.request())))
            .build();

    private Transport() {}

    /**
     * A call that connects to an address, whatever host its URL names.
     *
     * @param tls for an https URL
     * @param received counts the bytes that come in
     * @param connectTimeout zero for none but the call's own
     */
    static Call call(
            Request request,
            InetSocketAddress address,
            Optional<TlsRun> tls,
            OfferedVersion version,
            PhaseClock clock,
            AtomicLong received,
            Duration connectTimeout,
            Duration timeout) {
        OkHttpClient.Builder client = BASE.newBuilder()
                .dns(_ -> List.of(address.getAddress()))
                .socketFactory(new FixedSockets(address, received))
                .protocols(protocols(version, tls.isPresent()))
                .eventListener(clock)
                .connectTimeout(connectTimeout)
                // none is kept, and none of another run can be used
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS));
        tls.ifPresent(run -> client.connectionSpecs(List.of(ANY_TLS))
                .sslSocketFactory(run.socketFactory(), run.recorder())
                // the recorder has judged the name within the handshake
                .hostnameVerifier((_, _) -> true));
        Call call = client.build().newCall(request);
        call.timeout().timeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        return call;
    }

    /** The headers as the server sent them. */
    static okhttp3.Headers headers(Response response) {
        String hidden = response.header(RETRY_NOW);
        return hidden == null
                ? response.headers()
                : response.headers()
                        .newBuilder()
                        .removeAll(RETRY_NOW)
                        .set("Retry-After", hidden)
                        .build();
    }

    private static Response hideRetryNow(Response response) {
        String retryAfter = response.header("Retry-After");
        if (response.code() != 503 || retryAfter == null) {
            return response;
        }
        return response.newBuilder()
                .removeHeader("Retry-After")
                .header(RETRY_NOW, retryAfter)
                .build();
    }

    private static List<Protocol> protocols(OfferedVersion version, boolean tls) {
        return switch (version) {
            case HTTP_1_1 -> List.of(Protocol.HTTP_1_1);
            // OkHttp cannot offer HTTP/2 alone by ALPN; the answer's version is checked instead
            case ANY, HTTP_2 ->
                tls || version == OfferedVersion.ANY
                        ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1)
                        : List.of(Protocol.H2_PRIOR_KNOWLEDGE);
        };
    }
}
