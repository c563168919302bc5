package dev.gatewatch.probes.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CallbackListenerTest {
    private static final Duration AMPLE = Duration.ofSeconds(10);
    private static final CallbackSettings ANY_PORT = settings(0, Optional.empty());

    private CallbackListener listener;
    private CallbackBox box;

    @BeforeEach
    void open() throws Exception {
        listener = CallbackListener.open(ANY_PORT.listen(), AMPLE);
        box = listener.box(ANY_PORT).orElseThrow();
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private static CallbackSettings settings(int port, Optional<HttpUrl> publicUrl) {
        return new CallbackSettings(new HostPort("127.0.0.1", port), publicUrl, 202, "success");
    }

    private String path() {
        return URI.create(box.url()).getPath();
    }

    /** Says something and answers all that comes back. */
    private String say(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(8_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String statusOf(String answer) {
        return answer.isEmpty() ? "" : answer.split(" ", 3)[1];
    }

    @Test
    void aCallbackIsAnsweredAsConfiguredAndKept() throws Exception {
        String answer = say("POST " + path() + "/notify?x=1 HTTP/1.1\r\nHost: h\r\nX-Sign: abc\r\nContent-Length: 4\r\n\r\nbody");

        assertThat(answer).startsWith("HTTP/1.1 202 ").endsWith("\r\n\r\nsuccess");
        Callback callback = box.take(_ -> true, Duration.ZERO).orElseThrow();
        assertThat(callback.method()).isEqualTo("POST");
        assertThat(callback.target()).isEqualTo(path() + "/notify?x=1");
        assertThat(callback.headers().get("x-sign")).isEqualTo("abc");
        assertThat(callback.body().utf8()).isEqualTo("body");
    }

    @Test
    void aChunkedCallbackOfACautiousClientIsRead() throws Exception {
        String answer = say("PUT /prefix" + path() + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
                + "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 ");
        assertThat(box.take(_ -> true, Duration.ZERO).orElseThrow().body().utf8()).isEqualTo("abcde");
    }

    @Test
    void anUnknownPathIsNotFoundAndNothingIsKept() throws Exception {
        assertThat(statusOf(say("POST /guess HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"))).isEqualTo("404");
        assertThat(statusOf(say("GET / HTTP/1.1\r\n\r\n"))).isEqualTo("404");
        assertThat(box.received()).isZero();
    }

    @Test
    void theCallbackOfARunThatIsOverIsTakenSoThatTheGatewayHasPeace() throws Exception {
        String path = path();
        box.close();

        assertThat(statusOf(say("POST " + path + " HTTP/1.1\r\n\r\n"))).isEqualTo("202");
    }

    @ParameterizedTest
    @CsvSource({
        "'POST @ HTTP/1.1|Content-Length: 99999999||', 413",
        "'POST @ HTTP/1.1|Transfer-Encoding: chunked||fffffff|', 413",
        "'POST @ HTTP/1.1|Transfer-Encoding: chunked||xyz|', 400",
        "'POST @ HTTP/1.1|Transfer-Encoding: gzip, chunked||', 400",
        "'POST @ HTTP/1.1|Transfer-Encoding: chunked|Content-Length: 3||', 400",
        "'POST @ HTTP/1.1|Content-Length: -1||', 400",
        "'POST @ HTTP/1.1|Bad Header: x||', 400",
        "'POST @ HTTP/2.0||', 400",
        "'garbage||', 400"
    })
    void whatBreaksTheRulesIsRefused(String request, String status) throws Exception {
        assertThat(statusOf(say(request.replace("@", path()).replace("|", "\r\n")))).isEqualTo(status);
        assertThat(box.received()).isZero();
    }

    @Test
    void endlessHeadersAreRefused() throws Exception {
        assertThat(statusOf(say("POST " + path() + " HTTP/1.1\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))).isEqualTo("431");
    }

    @Test
    void aBodyThatIsTooLargeIsToldToWhoeverWaits() throws Exception {
        say("POST " + path() + " HTTP/1.1\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(70_000));

        assertThat(box.tooLarge()).isOne();
        assertThat(box.received()).isZero();
    }

    @Test
    void aCallerThatDripsIsCutOffHoweverPatientlyItDrips() throws Exception {
        try (var impatient = CallbackListener.open(ANY_PORT.listen(), Duration.ofMillis(300));
                var socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
            socket.setSoTimeout(8_000);
            socket.getOutputStream().write("POST / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(endOf(socket)).isTrue();
        }
    }

    private static boolean endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (java.net.SocketException _) {
            return true;
        }
    }

    @Test
    void aPeerInALoopDoesNotFillTheMemory() throws Exception {
        for (int i = 0; i < CallbackBox.MOST_KEPT + 10; i++) {
            say("POST " + path() + " HTTP/1.1\r\n\r\n");
        }

        assertThat(box.left()).hasSize(CallbackBox.MOST_KEPT);
        assertThat(box.received()).isEqualTo(CallbackBox.MOST_KEPT + 10);
    }

    @Test
    void onlySoManyRunsWaitAtOnce() {
        var boxes = new ArrayList<CallbackBox>();
        for (int i = 1; i < CallbackListener.MOST_BOXES; i++) {
            boxes.add(listener.box(ANY_PORT).orElseThrow());
        }

        assertThat(listener.box(ANY_PORT)).isEmpty();
        boxes.getFirst().close();
        assertThat(listener.box(ANY_PORT)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"https://probe.example/cb, https://probe.example/cb/", "https://probe.example/cb/, https://probe.example/cb/", "https://probe.example, https://probe.example/"})
    void thePublicUrlIsWhatTargetsAreTold(String publicUrl, String before) {
        CallbackBox named = listener.box(settings(0, Optional.of(HttpUrl.get(publicUrl)))).orElseThrow();

        assertThat(named.url()).startsWith(before).matches(".*/cb/[A-Za-z0-9_-]{24}|https://probe.example/[A-Za-z0-9_-]{24}");
    }

    @Test
    void allProbesOfAnAddressShareOneListenerAlsoAcrossAReload() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var before = new CallbackPort(settings(port, Optional.empty()));
        CallbackBox waiting = before.box();
        // the new configuration's probe runs before the old one's is closed
        var after = new CallbackPort(settings(port, Optional.of(HttpUrl.get("http://127.0.0.1:" + port + "/cb"))));
        CallbackBox next = after.box();
        before.close();

        assertThat(call(next.url())).isEqualTo(202);
        assertThat(call(waiting.url())).isEqualTo(202);
        after.close();
        assertThatThrownBy(() -> call(next.url())).isInstanceOf(ConnectException.class);
    }

    private static int call(String url) throws IOException {
        var connection = (java.net.HttpURLConnection) URI.create(url).toURL().openConnection();
        return connection.getResponseCode();
    }

    @Test
    void anAddressThatAnotherProcessHasIsOurTroubleNotTheTargets() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var port = new CallbackPort(settings(taken.getLocalPort(), Optional.empty()))) {
            assertThatThrownBy(port::box).isInstanceOfSatisfying(ProbeFailure.class, e -> {
                assertThat(e.failure().cause()).isEqualTo(Cause.LOCAL_NETWORK);
                assertThat(e.failure().message()).startsWith("cannot listen for callbacks on 127.0.0.1:" + taken.getLocalPort());
            });
        }
    }

    @Test
    void listeningEverywhereNeedsAPublicUrl() {
        assertThat(Sections.problems(CallbackSettings.TYPE, Map.of("listen", "0.0.0.0:9781")))
                .containsExactly("listen: listening on every address leaves open where callbacks should go; add public_url");
        assertThat(Sections.read(CallbackSettings.TYPE, Map.of()).listen()).isEqualTo(new HostPort("127.0.0.1", 9781));
    }
}
