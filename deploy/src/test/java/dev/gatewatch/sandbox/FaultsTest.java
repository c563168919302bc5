package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatewatch.sandbox.Visitor.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault as a client sees it, and that nothing of it remains. */
class FaultsTest extends RunningSandbox {
    private static final String[] KEY = {"X-Api-Key", Payments.API_KEY};
    private static final String WITHOUT_AMOUNT = "{\"order_id\":\"o1\",\"currency\":\"EUR\"}";

    @Override
    @AfterEach
    void heal() throws IOException {
        super.heal();
        for (String url : List.of(eu("/health"), ap("/health"))) {
            long start = System.nanoTime();
            assertThat(visitor.get(url).at("/status")).isEqualTo("UP");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
        }
        assertThat(visitor.post(eu("/payments"), WITHOUT_AMOUNT, KEY).status()).isEqualTo(400);
    }

    private static Duration took(String url) throws IOException {
        long start = System.nanoTime();
        assertThat(visitor.get(url).status()).isEqualTo(200);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void gateway500AnswersEverythingWith500() throws IOException {
        visitor.turn(sandbox, "gateway-500", true);
        assertThat(visitor.get(eu("/health")).status()).isEqualTo(500);
        assertThat(visitor.post(ap("/oauth/token"), "").status()).isEqualTo(500);
        assertThat(visitor.post(eu("/payments"), WITHOUT_AMOUNT, KEY).status()).isEqualTo(500);
    }

    @Test
    void gatewayHangsConnectsAndNeverAnswers() throws IOException {
        visitor.turn(sandbox, "gateway-hangs", true);
        for (String url : List.of(eu("/health"), ap("/health"))) {
            // OkHttp words its read time-out "timeout" or "Read timed out", and a connect time-out otherwise
            assertThatThrownBy(() -> visitor.waitingAtMost(Duration.ofMillis(300)).get(url))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageNotContaining("onnect");
        }
    }

    @Test
    void aHangingRequestIsAnsweredWhenTheFaultIsSwitchedOff() throws Exception {
        visitor.turn(sandbox, "gateway-hangs", true);
        try (Socket socket = visitor.connect(sandbox.port(Region.EU))) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            visitor.turn(sandbox, "gateway-hangs", false);
            socket.setSoTimeout(5000);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"status\":\"UP\"");
        }
    }

    @Test
    void clientsThatGiveUpOnAHangingGatewayLeaveNothingBehind() throws IOException {
        visitor.turn(sandbox, "gateway-hangs", true);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> visitor.waitingAtMost(Duration.ofMillis(100)).get(eu("/health")))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        await().until(() -> sandbox.connections() == 0);
    }

    @Test
    void gatewayDownRefusesConnectionsAndComesBackOnTheSamePort() throws IOException {
        int eu = sandbox.port(Region.EU);
        for (int round = 0; round < 3; round++) {
            visitor.turn(sandbox, "gateway-down", true);
            assertThatThrownBy(() -> visitor.get(eu("/health"))).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> visitor.get(ap("/health"))).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> new Socket(Loopback.ADDRESS, eu).close()).isInstanceOf(ConnectException.class);
            visitor.turn(sandbox, "gateway-down", false);
            assertThat(visitor.get("https://127.0.0.1:" + eu + "/health").status()).isEqualTo(200);
        }
    }

    @Test
    void goingDownCutsConnectionsThatAreOpen() throws IOException {
        try (Socket open = new Socket(Loopback.ADDRESS, sandbox.port(Region.EU))) {
            visitor.turn(sandbox, "gateway-down", true);
            open.setSoTimeout(5000);
            int end;
            try {
                end = open.getInputStream().read();
            } catch (SocketException _) {
                end = -1;
            }
            assertThat(end).isEqualTo(-1);
        }
    }

    @Test
    void gatewaySlowTakesASecondMoreAndStaysBelowTheDemosTimeout() throws IOException {
        visitor.turn(sandbox, "gateway-slow", true);
        assertThat(took(eu("/health"))).isBetween(Duration.ofSeconds(1), Duration.ofMillis(2900));
        assertThat(took(ap("/health"))).isBetween(Duration.ofSeconds(1), Duration.ofMillis(2900));
    }

    @Test
    void healthDownNamesTheDatabase() throws IOException {
        visitor.turn(sandbox, "health-down", true);
        Answer answer = visitor.get(eu("/health"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/status")).isEqualTo("DOWN");
        assertThat(answer.at("/components/db/status")).isEqualTo("DOWN");
        assertThat(answer.at("/components/queue/status")).isEqualTo("UP");
    }

    @Test
    void certExpiredIsNotedByAClientThatWasThereBefore() throws IOException {
        assertThat(visitor.get(eu("/health")).status()).isEqualTo(200);
        visitor.turn(sandbox, "cert-expired", true);
        assertThatThrownBy(() -> visitor.get(eu("/health")))
                .isInstanceOf(SSLHandshakeException.class)
                .hasRootCauseInstanceOf(CertificateExpiredException.class);
        assertThatThrownBy(() -> visitor.get(ap("/health"))).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void certWrongHostIsNotedByAClientThatWasThereBefore() throws IOException {
        assertThat(visitor.get(eu("/health")).status()).isEqualTo(200);
        visitor.turn(sandbox, "cert-wrong-host", true);
        assertThatThrownBy(() -> visitor.get(eu("/health"))).isInstanceOf(SSLPeerUnverifiedException.class);
    }

    @Test
    void certExpiringIsGoodForLessThanFiveDaysMore() throws Exception {
        visitor.turn(sandbox, "cert-expiring", true);
        assertThat(visitor.get(eu("/health")).status()).isEqualTo(200);
        Duration left = Duration.between(Instant.now(), served().getNotAfter().toInstant());
        assertThat(left).isBetween(Duration.ofDays(4), Duration.ofDays(5));
        visitor.turn(sandbox, "cert-expiring", false);
        Duration healthy = Duration.between(Instant.now(), served().getNotAfter().toInstant());
        assertThat(healthy).isGreaterThan(Duration.ofDays(80));
    }

    @Test
    void theCertificateSwitchedOnLastIsShown() throws IOException {
        visitor.turn(sandbox, "cert-expired", true);
        visitor.turn(sandbox, "cert-wrong-host", true);
        assertThatThrownBy(() -> visitor.get(eu("/health"))).isInstanceOf(SSLPeerUnverifiedException.class);
        visitor.turn(sandbox, "cert-wrong-host", false);
        assertThatThrownBy(() -> visitor.get(eu("/health")))
                .hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    private static X509Certificate served() throws Exception {
        try (var response = visitor.call("GET", eu("/health"), "").execute()) {
            return (X509Certificate)
                    response.handshake().peerCertificates().getFirst();
        }
    }

    @Test
    void regionApSlowLeavesEuAlone() throws IOException {
        visitor.turn(sandbox, "region-ap-slow", true);
        assertThat(took(eu("/health"))).isLessThan(Duration.ofMillis(800));
        assertThat(took(ap("/health"))).isBetween(Duration.ofSeconds(1), Duration.ofMillis(2900));
    }

    @Test
    void regionApDownLeavesEuAlone() throws IOException {
        visitor.turn(sandbox, "region-ap-down", true);
        assertThat(visitor.get(eu("/health")).status()).isEqualTo(200);
        assertThatThrownBy(() -> visitor.get(ap("/health"))).isInstanceOf(ConnectException.class);
    }

    @Test
    void aRegionStaysDownUntilTheLastFaultThatHoldsItDownIsOff() throws IOException {
        visitor.turn(sandbox, "region-ap-down", true);
        visitor.turn(sandbox, "gateway-down", true);
        visitor.turn(sandbox, "gateway-down", false);
        assertThat(visitor.get(eu("/health")).status()).isEqualTo(200);
        assertThatThrownBy(() -> visitor.get(ap("/health"))).isInstanceOf(ConnectException.class);
        visitor.turn(sandbox, "region-ap-down", false);
        assertThat(visitor.get(ap("/health")).status()).isEqualTo(200);
    }

    @Test
    void paymentWithoutAmountIsAccepted() throws IOException {
        visitor.turn(sandbox, "payment-without-amount-accepted", true);
        assertThat(visitor.post(eu("/payments"), WITHOUT_AMOUNT, KEY).status()).isEqualTo(201);
        Answer wrong = visitor.post(
                eu("/payments"), "{\"order_id\":\"o1\",\"currency\":\"EUR\",\"total_amount\":\"x\"}", KEY);
        assertThat(wrong.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns-nxdomain", "dns-servfail", "dns-wrong-address"})
    void aFaultOfNamesLeavesTheGatewayAlone(String fault) throws IOException {
        visitor.turn(sandbox, fault, true);
        assertThat(visitor.get(eu("/health")).at("/status")).isEqualTo("UP");
    }

    @Test
    void theCatalogueIsWellFormed() {
        assertThat(Faults.ALL).extracting(Fault::id).doesNotHaveDuplicates().allMatch(Pattern.compile("[a-z0-9-]+")
                .asMatchPredicate());
        assertThat(Faults.ALL).extracting(Fault::description).doesNotHaveDuplicates().allMatch(d -> d.endsWith("."));
    }
}
