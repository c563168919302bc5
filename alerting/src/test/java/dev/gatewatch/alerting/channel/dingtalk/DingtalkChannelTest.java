package dev.gatewatch.alerting.channel.dingtalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DingtalkChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new DingtalkType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("webhook_url", "http://127.0.0.1:" + port + "/robot/send?access_token=" + SECRET, "secret", "SEC" + SECRET);
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "{\"errcode\":0,\"errmsg\":\"ok\"}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(
                "{\"errcode\":310000,\"errmsg\":\"sign not match\"}", Delivery.Broken.class,
                "{\"errcode\":310000,\"errmsg\":\"keywords not in content\"}", Delivery.Broken.class,
                "{\"errcode\":400101,\"errmsg\":\"access_token does not exist\"}", Delivery.Broken.class,
                "{\"errcode\":130101,\"errmsg\":\"send too fast, exceed 20 times per minute\"}", Delivery.Retry.class,
                "{\"errcode\":90030,\"errmsg\":\"webhook over limit\"}", Delivery.Retry.class,
                "{\"errcode\":-1,\"errmsg\":\"system busy\"}", Delivery.Retry.class,
                "{\"errcode\":430104,\"errmsg\":\"improper content\"}", Delivery.Refused.class,
                "<html>Please log in</html>", Delivery.Broken.class);
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(20_000);
        JsonNode message = body.path(body.path("msgtype").asString());
        assertThat(message.path("title").asString()).isNotBlank();
        assertThat(message.path("text").asString()).contains(alerts.getFirst().series().probe());
    }

    @Test
    void itSignsWithMillisecondsInTheAddress() throws Exception {
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1")));
        }
        var url = server.takeRequest().getUrl();
        String timestamp = url.queryParameter("timestamp");
        String secret = "SEC" + SECRET;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));

        assertThat(timestamp).hasSize(13);
        assertThat(url.queryParameter("sign"))
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(mac.doFinal((timestamp + "\n" + secret).getBytes(StandardCharsets.UTF_8))));
        assertThat(url.encodedQuery()).as("+ would be read as a space").doesNotContain("+");
        assertThat(url.queryParameter("access_token")).isEqualTo(SECRET);
    }

    @Test
    void oneNoticeIsACardWithButtons() throws Exception {
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1")));
        }
        JsonNode card = body(server.takeRequest()).path("actionCard");

        assertThat(card.path("title").asString()).isEqualTo("🔴 CRITICAL gateway-health@eu: http_status");
        assertThat(card.path("text").asString())
                .startsWith("### 🔴 CRITICAL gateway-health@eu: http_status  \n**expected status 200, got 503**  \nSince ");
        assertThat(card.path("btns").valueStream().map(b -> b.path("title").asString()))
                .containsExactly("Runbook", "Alert", "Silence");
    }

    @Test
    void whoIsOnCallIsCalledWhileItFiresAndTheKeywordIsThere() throws Exception {
        var config = new HashMap<>(config(server.getPort()));
        config.put("at_mobiles", List.of("13800000000"));
        config.put("keyword", "监控");
        server.enqueue(accepted());
        server.enqueue(accepted());
        try (var channel = channel(config)) {
            attempt(channel, List.of(AlertSamples.firing("a1")));
            attempt(channel, List.of(AlertSamples.resolved(AlertSamples.firing("a1"))));
        }
        JsonNode firing = body(server.takeRequest());
        JsonNode resolved = body(server.takeRequest());

        assertThat(firing.path("at").path("atMobiles").path(0).asString()).isEqualTo("13800000000");
        assertThat(firing.path("markdown").path("text").asString())
                .contains("[Runbook](https://wiki.example.com/gateway?a=1&b=2)")
                .endsWith("  \n监控  \n@13800000000");
        assertThat(resolved.has("at")).isFalse();
        assertThat(resolved.toString()).contains("监控").doesNotContain("@13800000000");
    }

    @Test
    void aRefusalForSecurityTellsWhatToMend() throws Exception {
        server.enqueue(answer(200, "{\"errcode\":310000,\"errmsg\":\"invalid timestamp\"}"));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1"))).toString()).contains("machine's clock");
        }
    }
}
