package dev.gatewatch.alerting.channel.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SlackMessageTest {
    private static final ChatText CHAT = new ChatText(
            new Setup("ops", "dc1", Optional.of(URI.create("https://watch.example.com/"))),
            SlackMarkup.MRKDWN,
            SlackMessage.MOST,
            false);

    private static JsonNode message(List<Notice> notices) {
        return JsonMapper.shared()
                .valueToTree(SlackMessage.of(
                        CHAT.of(notices, AlertSamples.START.plusSeconds(250)).orElseThrow(), notices.size() > 1));
    }

    @Test
    void oneNoticeIsToldInFull() {
        JsonNode message = message(List.of(AlertSamples.notice(1, AlertSamples.firing("a1"))));

        SlackLimits.assertWithin(message);
        assertThat(message.path("text").asString())
                .isEqualTo("🔴 CRITICAL gateway-health@eu: http_status – *expected status 200, got 503*");
        assertThat(message.path("blocks").toString())
                .contains(
                        "🔴 CRITICAL gateway-health@eu: http_status",
                        "*expected status 200, got 503*",
                        "Since 03:12:05 UTC, 4m 10s ago.",
                        "*Cause*: The HTTP status is not among the expected ones.",
                        "*Do first*:",
                        "<https://wiki.example.com/gateway?a=1&amp;b=2|Runbook>",
                        "<https://watch.example.com/alerts#a-a1|Alert>")
                .doesNotContain("repeat");
    }

    @Test
    void aPossibleRepeatSaysSo() {
        Notice repeat = AlertSamples.repeat(AlertSamples.notice(1, AlertSamples.firing("a1")));

        assertThat(message(List.of(repeat)).toString()).contains("may be a repeat");
        assertThat(message(List.of(repeat, AlertSamples.notice(2, AlertSamples.firing("a2"))))
                        .toString())
                .contains("may be a repeat");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 30, 100})
    void aDigestNamesEveryAlertWhateverTheSizeOfItsTexts(int count) {
        List<Notice> notices = IntStream.range(0, count)
                .mapToObj(i -> {
                    String name = "probe-with-a-rather-long-name-as-people-write-them-" + i;
                    AlertView alert = AlertSamples.with(
                            AlertSamples.firing("a" + i, name, ""), Cause.CERT_NOT_YET_VALID, AlertSamples.huge(), "");
                    return AlertSamples.notice(i, i % 3 == 0 ? AlertSamples.resolved(alert) : alert);
                })
                .toList();

        JsonNode message = message(notices);

        SlackLimits.assertWithin(message);
        assertThat(message.path("blocks").path(0).path("text").path("text").asString())
                .contains(count + " notices: ");
        String blocks = message.path("blocks").toString();
        notices.forEach(n -> assertThat(blocks).contains(n.alert().series().display()));
    }

    @Test
    void aLinkThatDoesNotFitIsLeftOutRatherThanCut() {
        AlertView alert = AlertSamples.firing("a1");
        alert = new AlertView(
                alert.id(), alert.fingerprint(), alert.rule(), alert.series(), alert.type(), alert.target(), alert.severity(),
                alert.state(), alert.cause(), alert.message(), alert.evidence(), alert.startsAt(), alert.firedAt(),
                alert.endsAt(), alert.endReason(), alert.labels(),
                new java.util.LinkedHashMap<>(java.util.Map.of("runbook_url", "https://wiki.example.com/" + "x".repeat(5_000))));

        JsonNode message = message(List.of(AlertSamples.notice(1, alert)));

        SlackLimits.assertWithin(message);
        assertThat(message.toString()).contains("|Alert>").doesNotContain("|Runbook>");
    }

    @Test
    void aBacktickDoesNotEndTheEvidence() {
        assertThat(SlackMarkup.MRKDWN.code("a `b` c", 100)).isEqualTo("`a ˋbˋ c`");
    }
}
