package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.httpclient.ClientSettings.OfferedVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.HostnameVerifier;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Makes calls that go to one given address and do nothing by themselves: no retry, redirect, cookie, cache,
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

    /** The sockets know where to go. The same object for all, as it decides whether a kept connection fits. */
    private static final Dns ANY_ADDRESS = _ -> List.of(InetAddress.getLoopbackAddress());

    private static final HostnameVerifier ANY_NAME = (_, _) -> true;

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
     * @param route what its connection may share with others
     * @param received counts the bytes that come in
     * @param connectTimeout zero for none but the call's own
     */
    static Call call(
            Request request,
            InetSocketAddress address,
            Route route,
            OfferedVersion version,
            PhaseClock clock,
            AtomicLong received,
            Duration connectTimeout,
            Duration timeout) {
        OkHttpClient.Builder client = BASE.newBuilder()
                .dns(ANY_ADDRESS)
                .socketFactory(new FixedSockets(address, received))
                .protocols(protocols(version, route.tls().isPresent()))
                .eventListener(clock)
                .connectTimeout(connectTimeout)
                .connectionPool(route.pool());
        route.tls().ifPresent(run -> client.connectionSpecs(List.of(ANY_TLS))
                .sslSocketFactory(run.socketFactory(), run.recorder())
                // the recorder has judged the name within the handshake
                .hostnameVerifier(ANY_NAME));
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
