package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.evidence;
import static dev.gatewatch.probes.http.Probing.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class HttpRedirectsTest {
    private final MockWebServer server = new MockWebServer();
    private final MockWebServer other = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
        other.start();
    }

    @AfterEach
    void stop() {
        server.close();
        other.close();
    }

    @Test
    void tenRedirectsAreFollowed() throws Exception {
        for (int i = 1; i <= 10; i++) {
            server.enqueue(redirect(302, "/" + i));
        }
        server.enqueue(ok());

        Report report = probe(Map.of());

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "redirects")).isEqualTo(10L);
    }

    @Test
    void theEleventhIsTheLimit() throws Exception {
        for (int i = 1; i <= 11; i++) {
            server.enqueue(redirect(302, "/" + i));
        }

        Report report = probe(Map.of());

        assertThat(report.cause()).contains(Cause.REDIRECT_LIMIT);
        assertThat(report.message()).startsWith("more than 10 redirects; the next would lead to http://");
        assertThat(evidence(report)).contains("302 GET", "/9 -> ");
    }

    @Test
    void aLoopIsSeenAtOnce() throws Exception {
        server.enqueue(redirect(302, "/b"));
        server.enqueue(redirect(302, "/start"));

        Report report = probe(Map.of());

        assertThat(report.cause()).contains(Cause.REDIRECT_LIMIT);
        assertThat(report.message()).startsWith("a redirect loop: ");
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aCookieThatIsSetOnTheWayEndsTheLoop() throws Exception {
        server.enqueue(redirect(302, "/start")
                .newBuilder()
                .addHeader("Set-Cookie", "login=1; Path=/")
                .build());
        server.enqueue(ok());

        Report report = probe(Map.of("headers", Map.of("Cookie", "mine=2")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(server.takeRequest().getHeaders().get("Cookie")).isEqualTo("mine=2");
        assertThat(server.takeRequest().getHeaders().get("Cookie")).isEqualTo("mine=2; login=1");
    }

    @Test
    void credentialsDoNotGoToAnotherOrigin() throws Exception {
        server.enqueue(redirect(307, other.url("/there").toString()));
        other.enqueue(new MockResponse.Builder().code(401).build());

        Report report = probe(Map.of(
                "method", "POST",
                "body", "amount=1",
                "auth", Map.of("bearer", "t0ken-value"),
                "headers", Map.of("X-Api-Key", "k", "Cookie", "a=b", "X-Plain", "seen")));

        RecordedRequest forwarded = other.takeRequest();
        assertThat(forwarded.getHeaders().names()).doesNotContain("Authorization", "X-Api-Key", "Cookie");
        assertThat(forwarded.getHeaders().get("X-Plain")).isEqualTo("seen");
        assertThat(forwarded.getMethod()).isEqualTo("POST");
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer t0ken-value");
        assertThat(report.cause()).contains(Cause.CREDENTIAL_MISSING);
        assertThat(report.message()).contains("where a redirect leads");
        assertThat(evidence(report)).contains("another origin: no credentials");
    }

    @Test
    void credentialsGoOnWithinTheOrigin() throws Exception {
        server.enqueue(redirect(302, "/b"));
        server.enqueue(ok());

        probe(Map.of("auth", Map.of("bearer", "t0ken-value")));

        server.takeRequest();
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer t0ken-value");
    }

    @Test
    void cookiesOfOneHostDoNotGoToAnother() throws Exception {
        server.enqueue(redirect(302, "http://127.0.0.1:" + other.getPort() + "/")
                .newBuilder()
                .addHeader("Set-Cookie", "a=b")
                .build());
        other.enqueue(ok());

        probe(Map.of());

        assertThat(other.takeRequest().getHeaders().get("Cookie")).isNull();
    }

    @Test
    void aRedirectThatIsNotFollowedIsTheAnswer() throws Exception {
        server.enqueue(redirect(301, "/b"));

        Report report = probe(Map.of("follow_redirects", false));

        assertThat(report.cause()).contains(Cause.HTTP_STATUS);
        assertThat(report.message()).isEqualTo("status 301, expected 2xx; it redirects to " + server.url("/b"));
    }

    @Test
    void aRedirectThatIsExpectedIsNotFollowed() throws Exception {
        server.enqueue(redirect(301, "/b"));

        Report report = probe(Map.of("expect", Map.of("status", 301, "headers", Map.of("Location", "^/b$"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aTokenInALocationIsNotShown() throws Exception {
        server.enqueue(redirect(302, "/b?access_token=s3cr3t-token"));
        server.enqueue(redirect(302, "/start"));

        Report report = probe(Map.of());

        assertThat(report.cause()).contains(Cause.REDIRECT_LIMIT);
        assertThat(evidence(report)).contains("/b?access_token=<secret>").doesNotContain("s3cr3t-token");
        assertThat(report.message()).doesNotContain("s3cr3t-token");
    }

    @Test
    void aRedirectToAnotherSchemeIsSaid() throws Exception {
        server.enqueue(redirect(302, "ftp://files.example/"));

        Report report = probe(Map.of());

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).isEqualTo("the redirect to \"ftp://files.example/\" is to no http address");
    }

    @Test
    void aFailureAfterARedirectSaysWhereItWas() throws Exception {
        server.enqueue(redirect(302, "/broken"));
        server.enqueue(new MockResponse.Builder().code(500).build());

        Report report = probe(Map.of());

        assertThat(report.message())
                .isEqualTo("status 500, expected 2xx (redirected to " + server.url("/broken") + ")");
    }

    @Test
    void aRedirectMayNotLeadToTheLink() throws Exception {
        server.enqueue(redirect(302, "http://169.254.169.254/latest/meta-data"));

        Report report = probe(Map.of());

        assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(report.cause()).contains(Cause.TARGET_FORBIDDEN);
        assertThat(report.message()).contains("169.254.169.254");
    }

    @Test
    void aRedirectFromElsewhereMayNotLeadToThisMachineItself() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                .findFirst()
                .orElse(null);
        assumeTrue(own != null, "this machine has no address but its loopback");
        try (var elsewhere = new MockWebServer();
                var inward = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            elsewhere.start(own, 0);
            elsewhere.enqueue(redirect(302, "http://127.0.0.1:" + inward.getLocalPort() + "/admin"));

            Report report = Probing.run("http://" + own.getHostAddress() + ":" + elsewhere.getPort() + "/start");

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.BROKEN);
            assertThat(report.cause()).contains(Cause.TARGET_FORBIDDEN);
            assertThat(report.message()).contains("127.0.0.1");
            inward.setSoTimeout(1);
            assertThatThrownBy(inward::accept).as("no packet").isInstanceOf(SocketTimeoutException.class);
        }
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                arguments("POST", 301, "GET"),
                arguments("POST", 302, "GET"),
                arguments("POST", 303, "GET"),
                arguments("POST", 307, "POST"),
                arguments("POST", 308, "POST"),
                arguments("PUT", 302, "PUT"),
                arguments("PUT", 303, "GET"),
                arguments("HEAD", 303, "HEAD"));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void methodAndBodyFollowTheStatus(String method, int status, String next) throws Exception {
        server.enqueue(redirect(status, "/b"));
        server.enqueue(ok());

        probe(method.equals("HEAD") ? Map.of("method", method) : Map.of("method", method, "body", "data"));

        server.takeRequest();
        RecordedRequest second = server.takeRequest();
        assertThat(second.getMethod()).isEqualTo(next);
        assertThat(second.getBodySize()).isEqualTo(next.equals("POST") || next.equals("PUT") ? 4 : 0);
    }

    private Report probe(Map<String, ?> more) throws Exception {
        return Probing.run(server.url("/start").toString(), more);
    }

    private static MockResponse redirect(int status, String to) {
        return new MockResponse.Builder().code(status).setHeader("Location", to).build();
    }

    private static MockResponse ok() {
        return new MockResponse.Builder().body("ok").build();
    }
}
