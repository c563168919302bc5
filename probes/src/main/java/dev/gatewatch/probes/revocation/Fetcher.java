package dev.gatewatch.probes.revocation;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFailures;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.net.UnresolvedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Fetches small things from responders and distribution points: over a fresh connection to addresses that the target policy lets
 * through, bounded in time and size, on the caller's thread. Immutable, safe for many threads.
 */
final class Fetcher {
    private static final int MOST_REDIRECTS = 3;
    private static final int FIRST = 64 << 10;

    private static final OkHttpClient BASE = new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .fastFallback(false)
            .proxy(Proxy.NO_PROXY)
            .protocols(List.of(Protocol.HTTP_1_1))
            // the call's own time-out is the deadline
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build();

    private final Resolver resolver;
    private final TargetPolicy policy;

    Fetcher(Resolver resolver, TargetPolicy policy) {
        this.resolver = resolver;
        this.policy = policy;
    }

    /** What came. Confined to its reader. */
    static final class Fetched {
        private final byte[] body;
        private final boolean unchanged;
        private final Optional<String> etag;
        private final Optional<String> lastModified;

        private Fetched(byte[] body, Response response) {
            this.body = body;
            this.unchanged = response.code() == 304;
            this.etag = Optional.ofNullable(response.header("ETag"));
            this.lastModified = Optional.ofNullable(response.header("Last-Modified"));
        }

        byte[] body() {
            return body;
        }

        /** Whether it is as it was when it was fetched last; there is no body then. */
        boolean unchanged() {
            return unchanged;
        }

        Optional<String> etag() {
            return etag;
        }

        Optional<String> lastModified() {
            return lastModified;
        }
    }

    /** A web address, without what a name and password would say; nothing for any other. */
    static Optional<HttpUrl> url(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (text.length() > 1_000 || (!lower.startsWith("http://") && !lower.startsWith("https://"))) {
            return Optional.empty();
        }
        return Optional.ofNullable(HttpUrl.parse(text))
                .map(url -> url.newBuilder()
                        .username("")
                        .password("")
                        .fragment(null)
                        .build());
    }

    /**
     * Makes one request and follows up to {@value #MOST_REDIRECTS} redirects.
     *
     * @param who what to call it in messages
     * @param first where the peer that named the URL was reached; absent for a URL of the operator's
     * @param most more bytes than this are not read
     * @throws FetchException with what to say of it
     * @throws InterruptedIOException when the run was interrupted
     */
    Fetched fetch(Request request, String who, Optional<InetAddress> first, long most, Deadline deadline)
            throws FetchException, InterruptedIOException {
        Request next = request;
        Optional<InetAddress> from = first;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            List<InetSocketAddress> addresses = addresses(next.url(), who, from, deadline);
            try (Response response = connected(next, addresses, who, deadline)) {
                Optional<HttpUrl> moved = moved(response);
                if (moved.isEmpty()) {
                    return read(response, who, most);
                }
                from = from.or(() -> Optional.of(addresses.getFirst().getAddress()));
                next = next.newBuilder().url(moved.get()).build();
            } catch (IOException e) {
                throw failure(e, who, deadline);
            }
        }
        throw new FetchException(unavailable(who + " redirects more than " + MOST_REDIRECTS + " times"));
    }

    /** The answer's head, of the first address that takes the connection. */
    private static Response connected(
            Request request, List<InetSocketAddress> addresses, String who, Deadline deadline) throws IOException {
        for (int i = 0; ; i++) {
            long start = System.nanoTime();
            InetSocketAddress to = addresses.get(i);
            int left = addresses.size() - i;
            try {
                return call(request, to.getAddress(), deadline, deadline.left().dividedBy(left))
                        .execute();
            } catch (ConnectException | NoRouteToHostException | SocketTimeoutException e) {
                if (left == 1 || deadline.passed() || Thread.currentThread().isInterrupted()) {
                    throw deadline.passed() || e instanceof SocketTimeoutException
                            ? e
                            : new FetchException(unavailable(who + " cannot be asked: "
                                    + NetFailures.connect(e, to, Duration.ofNanos(System.nanoTime() - start))
                                            .message()));
                }
            }
        }
    }

    /** Those that the policy lets through; they, and no others, are connected to. */
    private List<InetSocketAddress> addresses(HttpUrl url, String who, Optional<InetAddress> first, Deadline deadline)
            throws FetchException, InterruptedIOException {
        List<InetAddress> found;
        try {
            found = resolver.resolve(url.host(), deadline).addresses();
        } catch (UnresolvedException e) {
            throw new FetchException(
                    unavailable(who + " cannot be asked: " + e.failure().message()));
        }
        Optional<Failure> refused = Optional.empty();
        var allowed = new ArrayList<InetSocketAddress>();
        for (InetAddress address : found) {
            var to = new InetSocketAddress(address, url.port());
            Optional<Failure> refusal = refusal(url, to, who, first);
            if (refusal.isEmpty()) {
                allowed.add(to);
            }
            refused = refused.or(() -> refusal);
        }
        if (allowed.isEmpty()) {
            throw new FetchException(refused.orElseGet(() -> unavailable(who + " has no address")));
        }
        return allowed;
    }

    private Optional<Failure> refusal(HttpUrl url, InetSocketAddress to, String who, Optional<InetAddress> first) {
        return policy.refuses(url.host(), to)
                .map(f -> new Failure(f.cause(), who + " was not asked: " + f.message()))
                .or(() -> first.flatMap(peer -> policy.refusesRedirect(url.host(), to, peer))
                        .map(f -> new Failure(
                                f.cause(),
                                who + " was not asked: it leads to " + to.getAddress().getHostAddress()
                                        + ", which only this machine can reach; name it as ocsp_url or crl_urls, or have"
                                        + " it in targets.allow")));
    }

    private static Call call(Request request, InetAddress address, Deadline deadline, Duration connectTimeout) {
        OkHttpClient client = BASE.newBuilder()
                .dns(_ -> List.of(address))
                .connectTimeout(connectTimeout.toMillis() < 1 ? Duration.ofMillis(1) : connectTimeout)
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .build();
        Call call = client.newCall(request.newBuilder()
                // else what comes may be a thousand times larger than what was sent
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "gatewatch")
                .header("Connection", "close")
                .build());
        call.timeout().timeout(Math.max(1, deadline.left().toNanos()), TimeUnit.NANOSECONDS);
        return call;
    }

    private static Optional<HttpUrl> moved(Response response) {
        int code = response.code();
        String location = response.header("Location");
        boolean redirect = code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
        return redirect && location != null
                ? Optional.ofNullable(response.request().url().resolve(location))
                : Optional.empty();
    }

    private static Fetched read(Response response, String who, long most) throws IOException, FetchException {
        if (response.code() != 200 && response.code() != 304) {
            throw new FetchException(unavailable(who + " answered with HTTP status " + response.code()));
        }
        if (response.body().contentLength() > most) {
            throw tooLarge(who, "announces " + response.body().contentLength() + " bytes", most);
        }
        InputStream in = response.body().byteStream();
        // what is announced is believed once the first of it has come, and then nothing is copied again
        long announced = response.body().contentLength();
        byte[] body = new byte[FIRST];
        int size = 0;
        for (int read = 0; read >= 0; read = in.read(body, size, body.length - size)) {
            size += read;
            if (size > most) {
                throw tooLarge(who, "sends more", most);
            }
            if (size == announced) {
                break;
            }
            if (size == body.length) {
                long next = announced > size ? announced : Math.min(2L * size, most + 1);
                body = Arrays.copyOf(body, Math.toIntExact(next));
            }
        }
        return new Fetched(size == body.length ? body : Arrays.copyOf(body, size), response);
    }

    private static FetchException tooLarge(String who, String what, long most) {
        return new FetchException(
                unavailable(who + " " + what + "; at most " + most + " bytes are read"));
    }

    private static FetchException failure(IOException e, String who, Deadline deadline)
            throws InterruptedIOException {
        if (e instanceof FetchException told) {
            return told;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while asking " + who);
        }
        if (deadline.passed() || e instanceof InterruptedIOException) {
            return new FetchException(
                    unavailable(who + " did not answer in full within " + Durations.format(deadline.timeout())));
        }
        String detail = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        return new FetchException(unavailable(
                who + " cannot be asked: " + detail.substring(0, Math.min(200, detail.length()))));
    }

    private static Failure unavailable(String what) {
        return new Failure(Cause.OCSP_UNAVAILABLE, what);
    }
}
