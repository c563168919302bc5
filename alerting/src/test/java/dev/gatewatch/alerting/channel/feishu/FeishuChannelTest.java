package dev.gatewatch.alerting.channel.feishu;

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

class FeishuChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new FeishuType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("webhook_url", "http://127.0.0.1:" + port + "/open-apis/bot/v2/hook/" + SECRET, "secret", SECRET);
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "{\"code\":0,\"data\":{},\"msg\":\"success\"}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(
                "{\"code\":19021,\"msg\":\"sign match fail or timestamp is not within one hour from current time\"}",
                Delivery.Broken.class,
                "{\"code\":19022,\"msg\":\"Ip Not Allowed\"}", Delivery.Broken.class,
                "{\"code\":19024,\"msg\":\"Key Words Not Found\"}", Delivery.Broken.class,
                "{\"code\":11232,\"msg\":\"frequency limited\"}", Delivery.Retry.class,
                "{\"code\":9499,\"msg\":\"Bad Request\"}", Delivery.Refused.class,
                "<html>Please log in</html>", Delivery.Broken.class);
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        assertThat(body.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(20_000);
        assertThat(body.path("msg_type").asString()).isEqualTo("interactive");
        JsonNode card = body.path("card");
        assertThat(card.path("header").path("title").path("content").asString()).isNotBlank();
        String text = card.path("elements").path(0).path("text").path("content").asString();
        assertThat(text).isNotBlank().doesNotContain("<");
        assertThat(body.toString()).contains(alerts.getFirst().series().probe());
    }

    @Test
    void itSignsWithSecondsInTheBodyAndTheSecretAsPartOfTheKey() throws Exception {
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1")));
        }
        JsonNode body = body(server.takeRequest());
        String timestamp = body.path("timestamp").asString();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec((timestamp + "\n" + SECRET).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));

        assertThat(timestamp).hasSize(10);
        assertThat(body.path("sign").asString()).isEqualTo(Base64.getEncoder().encodeToString(mac.doFinal()));
        assertThat(body.toString()).doesNotContain(SECRET);
    }

    @Test
    void theCardHasTheToneAndButtonsAndTheKeyword() throws Exception {
        var config = new HashMap<>(config(server.getPort()));
        config.put("keyword", "监控");
        server.enqueue(accepted());
        try (var channel = channel(config)) {
            attempt(channel, List.of(AlertSamples.firing("a1", "shop", "<at id=all></at> *x* [y](z)")));
        }
        JsonNode card = body(server.takeRequest()).path("card");

        assertThat(card.path("header").path("template").asString()).isEqualTo("red");
        assertThat(card.path("header").path("title").path("content").asString()).isEqualTo("🔴 CRITICAL shop@eu: http_status");
        assertThat(card.path("elements").path(0).path("text").path("content").asString())
                .startsWith("**&#60;at id=all&#62;&#60;/at&#62; &#42;x&#42; &#91;y&#93;(z)**\nSince")
                .endsWith("\n监控");
        assertThat(card.path("elements").path(1).path("actions").valueStream().map(b -> b.path("url").asString()))
                .startsWith("https://wiki.example.com/gateway?a=1&b=2", "https://watch.example.com/alerts#a-a1");
    }

    @Test
    void theAnswerOfTheFirstVersionIsUnderstood() throws Exception {
        server.enqueue(answer(200, "{\"StatusCode\":0,\"StatusMessage\":\"success\"}"));
        try (var channel = channel(config(server.getPort()))) {
            assertThat(attempt(channel, List.of(AlertSamples.firing("a1")))).isEqualTo(new Delivery.Delivered());
        }
    }
}
