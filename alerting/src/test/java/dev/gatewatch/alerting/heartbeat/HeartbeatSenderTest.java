package dev.gatewatch.alerting.heartbeat;

import static dev.gatewatch.kit.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeartbeatSenderTest {
    private static final String SECRET = "s3cr3t-Vn7qXw2Lk9";

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HeartbeatSettings settings(Map<String, Object> more) {
        var config = new java.util.HashMap<String, Object>(more);
        config.put("url", "http://127.0.0.1:" + server.getPort() + "/ping/" + SECRET);
        return Sections.read(HeartbeatSettings.SECTION, config);
    }

    @Test
    void aBeatIsOneRequestAsConfigured() throws Exception {
        server.enqueue(new MockResponse.Builder().code(200).build());
        HeartbeatSettings settings = settings(Map.of("every", "30s", "method", "post", "bearer_token", "t0ken"));
        try (HeartbeatSender sender = settings.sender()) {
            sender.beat();
            var request = server.takeRequest(10, TimeUnit.SECONDS);

            assertThat(request).isNotNull();
            assertThat(request.getMethod()).isEqualTo("POST");
            assertThat(request.getUrl().encodedPath()).isEqualTo("/ping/" + SECRET);
            assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer t0ken");
            assertThat(settings.every()).isEqualTo(Duration.ofSeconds(30));
            assertThat(settings.toString()).doesNotContain(SECRET, "t0ken");
        }
    }

    @Test
    void aSwitchThatHangsHoldsUpNobodyAndGetsOneRequestAtATime() {
        server.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
        server.enqueue(new MockResponse.Builder().code(200).build());
        try (HeartbeatSender sender = settings(Map.of("timeout", "300ms")).sender()) {
            for (int i = 0; i < 1_000; i++) {
                sender.beat();
            }
            await().until(sender::failed);
            assertThat(server.getRequestCount()).isEqualTo(1);

            await().until(() -> {
                sender.beat();
                return !sender.failed();
            });
        }
    }
}
