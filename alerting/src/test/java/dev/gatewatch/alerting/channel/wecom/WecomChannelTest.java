package dev.gatewatch.alerting.channel.wecom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelContractTest;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.view.AlertView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WecomChannelTest extends ChannelContractTest {
    @Override
    protected ChannelType type() {
        return new WecomType();
    }

    @Override
    protected Map<String, Object> config(int port) {
        return Map.of("webhook_url", "http://127.0.0.1:" + port + "/cgi-bin/webhook/send?key=" + SECRET, "mentions", List.of("maria"));
    }

    @Override
    protected MockResponse accepted() {
        return answer(200, "{\"errcode\":0,\"errmsg\":\"ok\"}");
    }

    @Override
    protected Map<String, Class<? extends Delivery>> refusalsInside200() {
        return Map.of(
                "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}", Delivery.Broken.class,
                "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}", Delivery.Retry.class,
                "{\"errcode\":-1,\"errmsg\":\"system busy\"}", Delivery.Retry.class,
                "{\"errcode\":40058,\"errmsg\":\"markdown.content exceed max length 4096\"}", Delivery.Refused.class,
                "<html>Please log in</html>", Delivery.Broken.class);
    }

    @Override
    protected void assertTakes(JsonNode body, List<AlertView> alerts) {
        String content = body.path("markdown").path("content").asString();
        assertThat(content.getBytes(StandardCharsets.UTF_8)).as("bytes, not characters").hasSizeLessThanOrEqualTo(4_096);
        assertThat(content).contains(alerts.getFirst().series().probe());
        assertThat(content.replaceAll("<font color=\"(info|comment|warning)\">|</font>|<@maria>", "")).doesNotContain("<", ">");
    }

    @Test
    void itIsReadableAndCallsWhoIsOnCallWhileItFires() throws Exception {
        server.enqueue(accepted());
        server.enqueue(accepted());
        try (var channel = channel(config(server.getPort()))) {
            attempt(channel, List.of(AlertSamples.firing("a1", "shop", "<@all> **x**")));
            attempt(channel, List.of(AlertSamples.resolved(AlertSamples.firing("a1"))));
        }
        String firing = body(server.takeRequest()).path("markdown").path("content").asString();
        String resolved = body(server.takeRequest()).path("markdown").path("content").asString();

        assertThat(firing)
                .startsWith("🔴 <font color=\"warning\">**CRITICAL shop@eu: http_status**</font>\n**＜@all＞ ＊＊x＊＊**\nSince")
                .contains("[Runbook](https://wiki.example.com/gateway?a=1&b=2)")
                .endsWith("\n<@maria>");
        assertThat(resolved).startsWith("✅ <font color=\"info\">").doesNotContain("<@maria>");
    }

    @Test
    void moreMembersThanAMessageCanCallAreAMistake() {
        assertThat(problems(Map.of("webhook_url", "http://127.0.0.1:1/x", "mentions", List.of("a", "b", "c", "d", "e", "f"))))
                .singleElement()
                .asString()
                .contains("6 members are more than 5");
    }
}
