package dev.gatewatch.alerting.channel.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.channel.Wording;
import dev.gatewatch.alerting.channel.Wording.Language;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling;
import dev.gatewatch.view.Handling.Acknowledgement;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeTextTest {
    private static final Optional<URI> PAGE = Optional.of(URI.create("https://watch.example.com"));
    private static final Setup ENGLISH = new Setup("ops", "dc1", PAGE);
    private static final Setup CHINESE =
            new Setup("ops", "dc1", PAGE, new Wording(Language.ZH, ZoneId.of("Asia/Shanghai")));
    private static final Instant NOW = AlertSamples.START.plusSeconds(250);

    private static NoticeText text(AlertView alert) {
        return NoticeText.of(AlertSamples.notice(1, alert), ENGLISH, NOW);
    }

    private static AlertView handled(Handling handling) {
        return AlertSamples.firing("a1").with(handling);
    }

    @Test
    void aFiringNoticeTellsWhatSinceWhenWhyAndWhatToDo() {
        NoticeText text = text(AlertSamples.firing("a1"));

        assertThat(text.tone()).isEqualTo(Tone.CRITICAL);
        assertThat(text.title()).isEqualTo("CRITICAL gateway-health@eu: http_status");
        assertThat(text.body()).isEqualTo("""
                expected status 200, got 503
                Since 03:12:05 UTC, 4m 10s ago. Seen from dc1, rule gateway-down.
                Target: https://eu.gateway.example.com/health
                Cause: The HTTP status is not among the expected ones. (http_status, request)
                Evidence: body: {"error":"upstream"}
                Do first: Look at the target's log for the time and trace id of this run.
                Runbook: https://wiki.example.com/gateway?a=1&b=2
                Alert: https://watch.example.com/alerts#a-a1
                Silence: https://watch.example.com/silences/new?matcher=rule%3Dgateway-down\
                &matcher=probe%3Dgateway-health&matcher=region%3Deu""");
    }

    @Test
    void theSameInChineseWithTheTimeOfThatPlace() {
        NoticeText text = NoticeText.of(AlertSamples.notice(1, AlertSamples.firing("a1")), CHINESE, NOW);

        assertThat(text.title()).isEqualTo("【严重】gateway-health@eu：HTTP 状态码异常");
        assertThat(text.body()).isEqualTo("""
                expected status 200, got 503
                自 11:12:05 UTC+8 起，已持续 4 分钟 10 秒。探测点 dc1，规则 gateway-down。
                目标：https://eu.gateway.example.com/health
                原因：返回的 HTTP 状态码不在预期范围内。（http_status，请求类）
                证据：body: {"error":"upstream"}
                优先处理：按本次探测的时间和 trace id 查对端日志。
                处置手册: https://wiki.example.com/gateway?a=1&b=2
                告警详情: https://watch.example.com/alerts#a-a1
                静默此告警: https://watch.example.com/silences/new?matcher=rule%3Dgateway-down\
                &matcher=probe%3Dgateway-health&matcher=region%3Deu""");
    }

    @Test
    void aResolvedNoticeTellsHowLongItLasted() {
        AlertView resolved = AlertSamples.resolved(AlertSamples.firing("a1"));
        NoticeText text = NoticeText.of(
                AlertSamples.notice(2, resolved), new Setup("ops", "dc1", Optional.empty()), AlertSamples.START.plusSeconds(255));

        assertThat(text.title()).isEqualTo("RESOLVED gateway-health@eu: http_status");
        assertThat(text.when())
                .isEqualTo("Resolved after 4m 10s (03:12:05 UTC to 03:16:15 UTC). It works again."
                        + " Seen from dc1, rule gateway-down.");
        assertThat(text.body()).doesNotContain("Do first", "Alert:", "Silence:");
        assertThat(NoticeText.of(AlertSamples.notice(2, resolved), CHINESE, NOW).when())
                .isEqualTo("故障持续 4 分钟 10 秒（11:12:05 UTC+8 至 11:16:15 UTC+8）。现已恢复正常。探测点 dc1，规则 gateway-down。");
    }

    @ParameterizedTest
    @CsvSource({
        "healed,It works again.",
        "removed,It is no longer watched: it was taken out of the configuration.",
        "no longer reported,Its source no longer reports it; whether it works again is not known here.",
        "rule changed,Reason: rule changed."
    })
    void anEndSaysWhyAndClaimsNoMore(String reason, String sentence) {
        assertThat(text(AlertSamples.resolved(AlertSamples.firing("a1"), reason)).when()).contains(sentence);
    }

    @Test
    void aNoticeOfYesterdayTellsTheDayAsItIsThere() {
        Notice notice = AlertSamples.notice(1, AlertSamples.firing("a1"));

        assertThat(NoticeText.of(notice, ENGLISH, AlertSamples.START.plus(Duration.ofHours(30))).when())
                .startsWith("Since 2026-03-02 03:12:05 UTC, 1d 6h ago.");
        var newYork = new Setup("ops", "dc1", PAGE, new Wording(Language.EN, ZoneId.of("America/New_York")));
        assertThat(NoticeText.of(notice, newYork, AlertSamples.START.plus(Duration.ofHours(3))).when())
                .as("there it was still the day before")
                .startsWith("Since 2026-03-01 22:12:05 UTC-5, 3h ago.");
        var delhi = new Setup("ops", "dc1", PAGE, new Wording(Language.EN, ZoneId.of("Asia/Kolkata")));
        assertThat(NoticeText.of(notice, delhi, NOW).when()).startsWith("Since 08:42:05 UTC+5:30,");
    }

    @Test
    void aReminderSaysThatItStillFires() {
        Notice reminder = AlertSamples.told(AlertSamples.notice(1, AlertSamples.firing("a1")), Kind.REMINDER, "");

        assertThat(NoticeText.of(reminder, ENGLISH, NOW).title()).isEqualTo("STILL CRITICAL gateway-health@eu: http_status");
        assertThat(NoticeText.of(reminder, CHINESE, NOW).title()).isEqualTo("【严重·仍未恢复】gateway-health@eu：HTTP 状态码异常");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unacknowledged:15m | Nobody has acknowledged it for 15m. | 已有 15 分钟无人确认，现升级通知。",
                "worsened | It has got worse. | 情况进一步恶化。",
                "unsilenced | It was held back until now and still fires. | 此前通知被暂缓，目前故障仍在持续。",
                "storm | Many alerts began at once; they are told together. | 短时间内大量告警同时触发，现合并通知。",
                "because I say so | because I say so | because I say so"
            })
    void whyItIsToldNowComesBeforeTheCause(String why, String english, String chinese) {
        Notice notice = AlertSamples.told(AlertSamples.notice(1, AlertSamples.firing("a1")), Kind.FIRING, why);

        assertThat(NoticeText.of(notice, ENGLISH, NOW).parts().getFirst().inOne()).isEqualTo(english);
        assertThat(NoticeText.of(notice, CHINESE, NOW).parts().getFirst().inOne()).isEqualTo(chinese);
    }

    @Test
    void whatDependsOnItIsCountedAndNamed() {
        List<String> forty = IntStream.rangeClosed(1, 40).mapToObj(i -> "shop-" + i).toList();

        assertThat(text(handled(Handling.NONE.dependents(List.of("checkout")))).body())
                .contains("\n1 probe depends on it; its alerts are held back: checkout\n");
        assertThat(text(handled(Handling.NONE.dependents(forty))).body())
                .contains("\n40 probes depend on it; their alerts are held back: shop-1, shop-2, ", "shop-10 and 30 more\n");
        AlertView resolved = AlertSamples.resolved(handled(Handling.NONE.dependents(forty)));
        assertThat(text(resolved).body()).contains("40 probes depend on it and are judged afresh from now on: shop-1, ");
        assertThat(NoticeText.of(AlertSamples.notice(1, handled(Handling.NONE.dependents(forty))), CHINESE, NOW)
                        .body())
                .contains("有 40 个探测依赖它，相关告警已暂缓：shop-1、shop-2、", "shop-10 等，另有 30 个");
    }

    @Test
    void flappingAcknowledgementAndIncidentAreTold() {
        var handling = new Handling(
                "a0",
                Optional.of(new Acknowledgement("maria", AlertSamples.START.plusSeconds(60), "looking at {1}")),
                Optional.empty(),
                true,
                List.of());

        assertThat(text(handled(handling)).body())
                .contains(
                        "It comes and goes (flapping)",
                        "Acknowledged by maria at 03:13:05 UTC: looking at {1}",
                        "Part of an incident that began earlier.");
        assertThat(NoticeText.of(AlertSamples.notice(1, handled(handling)), CHINESE, NOW).body())
                .contains("maria 已于 11:13:05 UTC+8 确认：looking at {1}", "抖动");
    }

    @Test
    void aGroupSaysHowManyOfItAreLeft() {
        Notice firing = AlertSamples.notice(1, AlertSamples.firing("a1"));
        Notice resolved = AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a1")));

        assertThat(body(firing, 3)).contains("3 alerts fire in this group: service payments");
        assertThat(body(firing, 1)).doesNotContain("group");
        assertThat(body(resolved, 2)).contains("2 alerts of this group still fire: service payments");
        assertThat(body(resolved, 1)).contains("1 alert of this group still fires: service payments");
        assertThat(body(resolved, 0)).doesNotContain("group");
    }

    private static String body(Notice notice, int firing) {
        return NoticeText.of(
                        AlertSamples.inGroup(notice, new Notice.Group("g1", "service payments", firing)), ENGLISH, NOW)
                .body();
    }

    @Test
    void aPossibleRepeatSaysSo() {
        var notice = AlertSamples.notice(1, AlertSamples.firing("a1"));

        assertThat(NoticeText.of(notice, ENGLISH, AlertSamples.START).body()).doesNotContain("repeat");
        assertThat(NoticeText.of(AlertSamples.repeat(notice), ENGLISH, AlertSamples.START).body())
                .contains("may be a repeat");
    }

    @Test
    void anAlertWithoutAMessageSaysWhatItsCauseMeans() {
        var alert = AlertSamples.with(AlertSamples.firing("a1"), Cause.CERT_EXPIRED, "", "");

        assertThat(text(alert).what()).isEqualTo("The certificate is past its end date.");
        assertThat(text(alert).body()).doesNotContain("Evidence");
        assertThat(NoticeText.of(AlertSamples.notice(1, alert), CHINESE, NOW).what()).isEqualTo("证书已过有效期。");
    }

    @Test
    void aPageUnderAPathKeepsIt() {
        var base = URI.create("https://x.example/watch/");

        assertThat(Links.probe(base, AlertSamples.firing("a1"))).isEqualTo("https://x.example/watch/probes/gateway-health");
        assertThat(Links.alert(base, AlertSamples.firing("a1"))).isEqualTo("https://x.example/watch/alerts#a-a1");
        assertThat(Links.probe(base, AlertSamples.firing("a1", "10.0.0.1:80/a b", "")))
                .isEqualTo("https://x.example/watch/probes/10.0.0.1%3A80%2Fa%20b");
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0s", "PT0.9S,0s", "PT59S,59s", "PT4M10S,4m 10s", "PT1H,1h", "PT3H0M7S,3h", "PT76H12M,3d 4h", "PT-5S,0s"})
    void spansAreToldInTheirTwoLargestUnits(Duration span, String words) {
        assertThat(Span.inWords(span, Phrases.of(Language.EN))).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-29T00:59:59Z", "2026-10-25T00:30:00Z"})
    void anHourThatComesTwiceOrNeverIsTellableByItsOffset(Instant when) {
        var berlin = new Times(ZoneId.of("Europe/Berlin"), when);

        assertThat(berlin.at(when)).isNotEqualTo(berlin.at(when.plus(Duration.ofHours(1))));
    }
}
