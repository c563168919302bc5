package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.config.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON to one channel's receivers: bounded in time and size, following no redirect (it would carry the secret elsewhere), never
 * sending a body twice by itself, and telling nothing that holds a secret. Safe for many threads; waits on the calling one.
 */
public final class HttpSender implements AutoCloseable {
    /** How much of an answer is read. */
    public static final int MOST_BODY_BYTES = 64 * 1024;

    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final OkHttpClient client;
    private final Duration timeout;

    /**
     * A sender.
     *
     * @param timeout for one request in all, from name resolution to the last byte of the answer
     * @param trust the authorities to trust in place of the system's
     */
    public HttpSender(Duration timeout, Optional<X509TrustManager> trust) {
        var builder = new OkHttpClient.Builder()
                .callTimeout(timeout)
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectionPool(new ConnectionPool(2, 30, TimeUnit.SECONDS));
        trust.ifPresent(manager -> trusting(builder, manager));
        this.client = builder.build();
        this.timeout = timeout;
    }

    private static void trusting(OkHttpClient.Builder builder, X509TrustManager manager) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, new SecureRandom());
            builder.sslSocketFactory(context.getSocketFactory(), manager);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    /**
     * Posts {@code body} to the address as it stands.
     *
     * @param headers beside those that HTTP itself needs
     * @param secrets masked in whatever is told about the reply, beside those of the address
     */
    public HttpReply post(SecretUrl url, Map<String, String> headers, byte[] body, List<Secret> secrets)
            throws InterruptedException {
        return post(url, url.reveal(), headers, body, secrets);
    }

    /** Posts to an address under {@code base}, whose secrets are masked. */
    public HttpReply post(
            SecretUrl base, okhttp3.HttpUrl address, Map<String, String> headers, byte[] body, List<Secret> secrets)
            throws InterruptedException {
        return send("POST", base, address, headers, body, secrets);
    }

    /**
     * Sends with another method.
     *
     * @param body not sent where the method has none (GET, HEAD)
     */
    public HttpReply send(
            String method, SecretUrl base, okhttp3.HttpUrl address, Map<String, String> headers, byte[] body, List<Secret> secrets)
            throws InterruptedException {
        boolean bodiless = method.equals("GET") || method.equals("HEAD");
        var outgoing = new OneShot(body);
        var request = new Request.Builder().url(address).method(method, bodiless ? null : outgoing);
        request.header("User-Agent", "Gatewatch");
        headers.forEach(request::header);
        try (Response response = client.newCall(request.build()).execute()) {
            String text = masked(bounded(response), base, secrets);
            Optional<Duration> after = Optional.ofNullable(response.header("Retry-After"))
                    .flatMap(value -> RetryAfter.parse(value, dateOf(response)));
            return new HttpReply.Answer(base.toString(), response.code(), text, after);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return new HttpReply.Silence(masked(inWords(e, base), base, secrets), bodiless || outgoing.started);
        }
    }

    /** The receiver's own clock, which its dates are meant by; ours where it does not tell. */
    private static Instant dateOf(Response response) {
        var date = response.headers().getInstant("Date");
        return date != null ? date : Instant.now();
    }

    private static String bounded(Response response) throws IOException {
        var source = response.body().source();
        source.request(MOST_BODY_BYTES);
        var buffer = source.getBuffer();
        return new String(buffer.readByteArray(Math.min(buffer.size(), MOST_BODY_BYTES)), StandardCharsets.UTF_8);
    }

    private static String masked(String text, SecretUrl url, List<Secret> secrets) {
        String masked = text;
        for (Secret secret : secrets) {
            masked = secret.maskedIn(masked);
        }
        for (Secret secret : url.secrets()) {
            masked = secret.maskedIn(masked);
        }
        return masked;
    }

    private String inWords(IOException e, SecretUrl to) {
        String why =
                switch (e) {
                    case UnknownHostException _ -> "the name cannot be resolved";
                    case ConnectException _ -> "the connection was refused";
                    case NoRouteToHostException _ -> "no route to the host";
                    case SSLException tls -> "TLS: " + tls.getMessage();
                    // the whole call's time-out is an InterruptedIOException too
                    case SocketTimeoutException _ -> "no answer within " + timeout.toMillis() + " ms";
                    case InterruptedIOException _ -> "no answer within " + timeout.toMillis() + " ms";
                    default -> "the connection failed: " + messageOf(e);
                };
        return to + ": " + Cut.chars(Cut.oneLine(why), 300);
    }

    private static String messageOf(IOException e) {
        @Nullable String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /** Gives back idle connections. */
    @Override
    public void close() {
        client.connectionPool().evictAll();
    }

    /** A body that is written at most once, and tells whether it was. Confined to the calling thread. */
    private static final class OneShot extends RequestBody {
        private final byte[] content;
        private boolean started;

        private OneShot(byte[] content) {
            this.content = content;
        }

        @Override
        public MediaType contentType() {
            return JSON;
        }

        @Override
        public long contentLength() {
            return content.length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            started = true;
            sink.write(content);
        }
    }
}
