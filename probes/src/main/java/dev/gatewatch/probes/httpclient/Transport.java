package dev.gatewatch.probes.httpclient;

import dev.gatewatch.probes.httpclient.ClientSettings.OfferedVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * login or decompression. Synchronous calls run on the caller's thread. Safe for many threads.
 */
final class Transport {
    /** Stands for a {@code Retry-After: 0} that OkHttp must not see: it would repeat the request by itself. */
    private static final String RETRY_NOW = "Gatewatch-Retry-After";

    /** Stands for a 407 that OkHttp must not see: without a proxy of its own it takes it for a fault of the protocol. */
    private static final int PROXY_LOGIN_WANTED = 599;

    private static final String HIDDEN_STATUS = "Gatewatch-Status";

    /** OkHttp writes the whole URL into the request line for such a proxy; the sockets know where it is. */
    private static final Proxy BY_URL =
            new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy.invalid", 1));

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
            .addNetworkInterceptor(chain -> hidden(chain.proceed(chain.request())))
            .build();

    private Transport() {}

    /**
     * A call that connects where its sockets do, whatever host its URL names.
     *
     * @param byUrl whether the peer is a proxy that is asked by URL
     * @param route what its connection may share with others
     * @param connectTimeout zero for none but the call's own
     */
    static Call call(
            Request request,
            FixedSockets sockets,
            boolean byUrl,
            Route route,
            OfferedVersion version,
            PhaseClock clock,
            Duration connectTimeout,
            Duration timeout) {
        OkHttpClient.Builder client = BASE.newBuilder()
                .dns(ANY_ADDRESS)
                .socketFactory(sockets)
                .proxy(byUrl ? BY_URL : Proxy.NO_PROXY)
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

    /** Makes the call; the response is as the server sent it. */
    static Response execute(Call call) throws IOException {
        Response response = answered(call);
        String retryAfter = response.header(RETRY_NOW);
        if (retryAfter != null) {
            return response.newBuilder()
                    .removeHeader(RETRY_NOW)
                    .header("Retry-After", retryAfter)
                    .build();
        }
        return response.code() == PROXY_LOGIN_WANTED && response.header(HIDDEN_STATUS) != null
                ? response.newBuilder().code(407).removeHeader(HIDDEN_STATUS).build()
                : response;
    }

    /** OkHttp reads a status below zero and stumbles over it only when it builds its response. */
    private static Response answered(Call call) throws IOException {
        try {
            return call.execute();
        } catch (IllegalStateException e) {
            if (String.valueOf(e.getMessage()).startsWith("code < 0")) {
                var protocol = new ProtocolException("Unexpected status line: the status is below zero");
                protocol.initCause(e);
                throw protocol;
            }
            throw e;
        }
    }

    private static Response hidden(Response response) {
        if (response.code() == 407) {
            return response.newBuilder()
                    .code(PROXY_LOGIN_WANTED)
                    .header(HIDDEN_STATUS, "407")
                    .build();
        }
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
            case HTTP_3 -> throw new IllegalArgumentException("HTTP/3 goes over QUIC");
        };
    }
}
