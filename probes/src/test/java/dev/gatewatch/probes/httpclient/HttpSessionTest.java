package dev.gatewatch.probes.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations of several requests: connections that are kept, and tokens that are refused. */
final class HttpSessionTest {
    private final MockWebServer server = new MockWebServer();
    private final Report.Builder report = Report.builder();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeptConnectionCarriesTheNextRequestAndAFreshOneDoesNot(boolean kept) throws Exception {
        server.enqueue(answer(200, "one"));
        server.enqueue(answer(200, "two"));
        server.start();

        try (HttpSession session = session(kept, Map.of())) {
            assertThat(session.send(get()).text()).isEqualTo("one");
            assertThat(session.took(Phase.CONNECT)).isPositive();
            assertThat(session.send(get()).text()).isEqualTo("two");
            assertThat(session.took(Phase.CONNECT).isPositive()).isEqualTo(!kept);
        }

        assertThat(server.takeRequest().getConnectionIndex()).isZero();
        assertThat(server.takeRequest().getConnectionIndex()).isEqualTo(kept ? 0 : 1);
    }

    @Test
    void anHttp2ConnectionIsKeptToo() throws Exception {
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.enqueue(answer(200, "one"));
        server.enqueue(answer(200, "two"));
        server.start();

        try (HttpSession session = session(true, Map.of("http_version", "2"))) {
            session.send(get());
            session.send(get());
        }

        server.takeRequest();
        assertThat(server.takeRequest().getConnectionIndex()).isZero();
    }

    /** Answers requests on each connection as the script says; connections beyond it are answered for ever. */
    private static final class Keeper implements AutoCloseable {
        private final LocalServer listener;
        private final AtomicInteger connections = new AtomicInteger();
        private final List<String> seen = new ArrayList<>();
        private final CountDownLatch firstEnded = new CountDownLatch(1);

        /** The first connection is closed after one answer: at once, or when the next request has come. */
        Keeper(boolean atOnce, String goodbye) throws IOException {
            listener = LocalServer.start(socket -> {
                boolean first = connections.incrementAndGet() == 1;
                while (head(socket)) {
                    OutputStream out = socket.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
                    if (first) {
                        if (!atOnce) {
                            head(socket);
                        }
                        out.write(goodbye.getBytes(StandardCharsets.US_ASCII));
                        socket.close();
                        firstEnded.countDown();
                        return;
                    }
                }
            });
        }

        private boolean head(Socket socket) throws IOException {
            InputStream in = socket.getInputStream();
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    return false;
                }
                head.append((char) b);
            }
            synchronized (seen) {
                seen.add(head.substring(0, head.indexOf(" ")));
            }
            return true;
        }

        HttpUrl url() {
            return UrlType.parse("http://" + listener.address() + "/").orElseThrow();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"})
    void aConnectionThatTheServerClosedMeanwhileIsReplacedBeforeAnythingIsSent(String goodbye) throws Exception {
        try (var keeper = new Keeper(true, goodbye);
                HttpSession session = session(true, Map.of())) {
            HttpRequest post = post(keeper.url());
            session.send(post);
            keeper.firstEnded.await();

            assertThat(session.send(post).status()).isEqualTo(200);

            assertThat(keeper.connections.get()).isEqualTo(2);
            assertThat(keeper.seen).containsExactly("POST", "POST");
        }
    }

    @Test
    void aConnectionThatIsClosedWhileWeSendIsReplacedForARequestThatMayBeRepeated() throws Exception {
        try (var keeper = new Keeper(false, "");
                HttpSession session = session(true, Map.of())) {
            session.send(HttpRequest.get(keeper.url()));

            assertThat(session.send(HttpRequest.get(keeper.url())).status()).isEqualTo(200);

            assertThat(keeper.seen).containsExactly("GET", "GET", "GET");
            assertThat(keeper.connections.get()).isEqualTo(2);
        }
    }

    @Test
    void aPaymentIsNotSentTwiceWhenItsConnectionIsClosed() throws Exception {
        try (var keeper = new Keeper(false, "");
                HttpSession session = session(true, Map.of())) {
            HttpRequest post = post(keeper.url());
            session.send(post);

            assertThatThrownBy(() -> session.send(post)).isInstanceOfSatisfying(ProbeFailure.class, e -> {
                assertThat(e.failure().cause()).isEqualTo(Cause.CONNECTION_RESET);
                assertThat(e.failure().message()).endsWith("(a kept connection, which it closed while we were sending)");
            });
            assertThat(keeper.seen).containsExactly("POST", "POST");
        }
    }

    @Test
    void aTokenThatIsRefusedIsReplacedOnceAndTheRequestSentOnceMore() throws Exception {
        server.enqueue(answer(401, "stale"));
        server.enqueue(answer(200, "paid"));
        server.start();
        var tokens = new FakeTokens("first-t0ken", "second-t0ken");

        try (HttpSession session = session(false, Map.of())) {
            Answer answer = session.send(get().with(new Auth.OAuth("shop", tokens)));
            session.tellPhases();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.credentialSent()).isTrue();
        }

        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer first-t0ken");
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer second-t0ken");
        assertThat(tokens.refused).containsExactly("first-t0ken");
        Report told = report.build();
        assertThat(told.facts().get("token_retries").value()).isEqualTo(1L);
        assertThat(told.phases().get("token")).isGreaterThanOrEqualTo(FakeTokens.PAUSE.multipliedBy(2));
        assertThat(told.phases().keySet()).startsWith("token");
        assertThat(told.toString()).contains("the first token of \"shop\" was refused").doesNotContain("first-t0ken");
    }

    @Test
    void aSecondRefusalIsTheAnswer() throws Exception {
        server.enqueue(answer(401, "stale"));
        server.enqueue(answer(401, "first-t0ken second-t0ken"));
        server.start();
        var tokens = new FakeTokens("first-t0ken", "second-t0ken", "third-t0ken");

        try (HttpSession session = session(false, Map.of())) {
            Answer answer = session.send(get().with(new Auth.OAuth("shop", tokens)));

            assertThat(answer.status()).isEqualTo(401);
            session.tellTranscript();
        }

        assertThat(server.getRequestCount()).isEqualTo(2);
        assertThat(tokens.refused).containsExactly("first-t0ken");
        assertThat(report.build().toString()).doesNotContain("first-t0ken", "second-t0ken");
    }

    @Test
    void aTokenThatCannotBeHadEndsTheRunWithItsCause() throws Exception {
        server.start();
        var none = new FakeTokens();

        try (HttpSession session = session(false, Map.of())) {
            assertThatThrownBy(() -> session.send(get().with(new Auth.OAuth("shop", none))))
                    .isInstanceOfSatisfying(
                            ProbeFailure.class,
                            e -> assertThat(e.failure().cause()).isEqualTo(Cause.TOKEN_ENDPOINT_DOWN));
        }

        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void anotherUrlOfTheConfigurationIsNoRedirect() throws Exception {
        server.enqueue(answer(200, "one"));
        server.start();

        try (HttpSession session = session(false, Map.of())) {
            session.send(get());
            // a second configured target is judged as a first one, wherever the one before was
            assertThatThrownBy(() -> session.send(HttpRequest.get(
                            UrlType.parse("http://127.0.0.1:" + LocalServer.closedPort() + "/").orElseThrow())))
                    .isInstanceOfSatisfying(
                            ProbeFailure.class,
                            e -> assertThat(e.failure().cause()).isEqualTo(Cause.CONNECT_REFUSED));
        }
    }

    private HttpSession session(boolean kept, Map<String, ?> settings) {
        ClientSettings client = ClientSettings.read(Sections.of(ClientSettings.KEYS, settings));
        Run run = Runs.run(Duration.ofSeconds(20), Clock.systemUTC());
        var redaction = new Redaction(List.of());
        return kept
                ? HttpSession.keptAlive(client, redaction, run, report)
                : HttpSession.of(client, redaction, run, report);
    }

    private HttpRequest get() {
        return HttpRequest.get(UrlType.parse("http://127.0.0.1:" + server.getPort() + "/").orElseThrow());
    }

    private static HttpRequest post(HttpUrl url) {
        return new HttpRequest(
                url,
                false,
                "POST",
                new java.util.LinkedHashMap<>(),
                Optional.empty(),
                Optional.of(new HttpRequest.Content(ByteString.EMPTY, Optional.empty())));
    }

    private static MockResponse answer(int status, String body) {
        return new MockResponse.Builder().code(status).body(body).build();
    }

    /** Tokens in the order given, then none. */
    private static final class FakeTokens implements TokenSource {
        static final Duration PAUSE = Duration.ofMillis(5);

        private final Deque<String> left;
        private final List<String> refused = new ArrayList<>();

        FakeTokens(String... tokens) {
            left = new ArrayDeque<>(List.of(tokens));
        }

        @Override
        public Secret token(Run run) throws ProbeFailure {
            long until = System.nanoTime() + PAUSE.toNanos();
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            String token = left.peek();
            if (token == null) {
                throw new ProbeFailure(new Failure(Cause.TOKEN_ENDPOINT_DOWN, "the token endpoint does not answer"));
            }
            return new Secret(token);
        }

        @Override
        public void refused(Secret token) {
            refused.add(token.reveal());
            left.remove(token.reveal());
        }
    }
}
