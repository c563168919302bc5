package dev.gatewatch.alerting.channel.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.channel.Wording;
import dev.gatewatch.alerting.channel.Wording.Language;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.Handling;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
    private static final Setup SETUP = new Setup("ops", "dc1", Optional.of(URI.create("https://watch.example.com")));
    private static final Instant NOW = AlertSamples.START.plusSeconds(250);

    /** Markup as a plain receiver has it, which counts bytes. */
    private enum Plain implements Markup {
        PLAIN;

        @Override
        public Measure measure() {
            return Measure.BYTES;
        }

        @Override
        public String escape(int point) {
            return point == '&' ? "&amp;" : Character.toString(point);
        }

        @Override
        public String link(String title, String address) {
            return address.length() > 500 ? "" : "[" + title + "](" + address + ")";
        }
    }

    private static int length(List<String> lines) {
        return Measure.BYTES.of(String.join("\n", lines));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 2_048, 4_096, 20_000})
    void aNoticeOfAnySizeFitsAndKeepsCauseRemedyAndLinks(int most) {
        AlertView huge = AlertSamples.withAnnotations(
                AlertSamples.with(AlertSamples.firing("a1"), Cause.HTTP_STATUS, AlertSamples.huge(), AlertSamples.huge()),
                Map.of("note", AlertSamples.huge()));
        NoticeText text = NoticeText.of(AlertSamples.repeat(AlertSamples.notice(1, huge)), SETUP, NOW);

        List<String> lines = Layout.inFull(text, Plain.PLAIN, most, true);

        assertThat(length(lines)).isLessThanOrEqualTo(most);
        assertThat(String.join("\n", lines))
                .contains("Since 03:12:05 UTC", "Cause: The HTTP status", "Do first: Look at", "(https://watch.example.com/alerts#a-a1)");
    }

    @Test
    void aShortNoticeLosesNothing() {
        NoticeText text = NoticeText.of(AlertSamples.notice(1, AlertSamples.firing("a1")), SETUP, NOW);

        assertThat(Layout.inFull(text, Plain.PLAIN, 4_096, true))
                .containsExactly(
                        "expected status 200, got 503",
                        "Since 03:12:05 UTC, 4m 10s ago. Seen from dc1, rule gateway-down.",
                        "Target: https://eu.gateway.example.com/health",
                        "Cause: The HTTP status is not among the expected ones. (http_status, request)",
                        "Evidence: body: {\"error\":\"upstream\"}",
                        "Do first: Look at the target's log for the time and trace id of this run.",
                        "[Runbook](https://wiki.example.com/gateway?a=1&b=2) · [Alert](https://watch.example.com/alerts#a-a1)"
                                + " · [Silence](https://watch.example.com/silences/new?matcher=rule%3Dgateway-down"
                                + "&matcher=probe%3Dgateway-health&matcher=region%3Deu)");
    }

    @Test
    void fewNoticesAreToldInALineEach() {
        List<Notice> notices = List.of(
                AlertSamples.notice(1, AlertSamples.firing("a1")),
                AlertSamples.repeat(AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a2", "checkout", "down")))));
        DigestText text = DigestText.of(notices, SETUP, NOW);

        assertThat(text.title()).isEqualTo("2 notices: 1 firing, 1 resolved");
        assertThat(text.tone()).isEqualTo(Tone.CRITICAL);
        assertThat(Layout.digest(text, Plain.PLAIN, 4_096, false).orElseThrow())
                .containsExactly(
                        "🔴 CRITICAL gateway-health@eu: http_status – expected status 200, got 503 · Since 03:12:05 UTC, 4m 10s ago."
                                + " Seen from dc1, rule gateway-down.",
                        "✅ RESOLVED checkout@eu: http_status (may be a repeat) – down · Resolved after 4m 10s (03:12:05 UTC to 03:16:15 UTC)."
                                + " It works again. Seen from dc1, rule gateway-down.");
    }

    @Test
    void manyNoticesAreNamedByRuleAndCauseTheLoudestFirst() {
        List<Notice> notices = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            AlertView alert = AlertSamples.firing("a" + i, "shop-" + i, "");
            notices.add(AlertSamples.notice(
                    i,
                    i % 4 == 0
                            ? AlertSamples.resolved(alert)
                            : i % 2 == 0
                                    ? AlertSamples.with(alert, Cause.CONNECT_REFUSED, "", "")
                                    : AlertSamples.withSeverity(alert, Severity.WARNING)));
        }
        notices.set(39, AlertSamples.told(notices.get(39), Kind.REMINDER, ""));
        var chinese = new Setup("ops", "dc1", Optional.empty(), new Wording(Language.ZH, ZoneId.of("Asia/Shanghai")));

        DigestText text = DigestText.of(notices, SETUP, NOW);
        List<String> lines = Layout.digest(text, Plain.PLAIN, 4_096, false).orElseThrow();

        assertThat(text.title()).isEqualTo("40 notices: 29 firing, 1 still firing, 10 resolved");
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("🔴 CRITICAL gateway-down: connect_refused (10): shop-2@eu, shop-6@eu, ");
        assertThat(lines.get(1)).startsWith("🟠 WARNING gateway-down: http_status (19): shop-1@eu, ");
        assertThat(lines.get(2)).isEqualTo("🟠 STILL WARNING gateway-down: http_status (1): shop-39@eu");
        assertThat(lines.get(3)).startsWith("✅ RESOLVED gateway-down: http_status (10): shop-0@eu, ");
        DigestText inChinese = DigestText.of(notices, chinese, NOW);
        assertThat(inChinese.title()).isEqualTo("40 条通知：29 条触发、1 条仍未恢复、10 条已恢复");
        assertThat(Layout.digest(inChinese, Plain.PLAIN, 4_096, false).orElseThrow().getFirst())
                .startsWith("🔴 【严重】gateway-down：连接被拒绝（10 条）：shop-2@eu、shop-6@eu、");
    }

    @Test
    void aDigestLeadsToWhatItsAlertsHaveInCommonAndToAllOfThem() {
        List<Notice> notices = List.of(
                AlertSamples.notice(1, AlertSamples.firing("a1")), AlertSamples.notice(2, AlertSamples.firing("a2", "bank", "")));

        assertThat(Layout.digest(DigestText.of(notices, SETUP, NOW), Plain.PLAIN, 4_096, true).orElseThrow().getLast())
                .isEqualTo("[Runbook](https://wiki.example.com/gateway?a=1&b=2) · [All alerts](https://watch.example.com/alerts)");
    }

    @Test
    void whatWaitsForAnAlertIsCountedEvenInShort() {
        AlertView parent = AlertSamples.firing("a0", "edge", "").with(Handling.NONE.dependents(List.of("shop-1", "shop-2")));
        List<Notice> notices = IntStream.range(0, 30)
                .mapToObj(i -> AlertSamples.notice(i, i == 0 ? parent : AlertSamples.firing("a" + i, "bank-" + i, "")))
                .toList();

        assertThat(Layout.digest(DigestText.of(notices, SETUP, NOW), Plain.PLAIN, 4_096, false).orElseThrow().getFirst())
                .contains("http_status (30): edge@eu (+2 that depend on it), bank-1@eu, ");
        assertThat(Layout.digest(DigestText.of(notices.subList(0, 2), SETUP, NOW), Plain.PLAIN, 4_096, false).orElseThrow().getFirst())
                .startsWith("🔴 CRITICAL edge@eu: http_status (+2 that depend on it) – The HTTP status");
    }

    @Test
    void aDigestOfOneGroupIsCalledAfterIt() {
        List<Notice> notices = IntStream.range(0, 3)
                .mapToObj(i -> AlertSamples.inGroup(
                        AlertSamples.notice(i, AlertSamples.firing("a" + i)), new Notice.Group("g1", "service payments", 3)))
                .toList();

        assertThat(DigestText.of(notices, SETUP, NOW).title()).isEqualTo("service payments: 3 firing");
    }

    @ParameterizedTest
    @CsvSource({"4096,150", "20000,600"})
    void aMessageTakesAsManyAlertsAsItCanName(int most, int atLeast) {
        List<Notice> notices = IntStream.range(0, 1_000)
                .mapToObj(i -> AlertSamples.notice(i, AlertSamples.firing("a" + i, "shop-checkout-" + i, "m")))
                .toList();
        var chat = new ChatText(SETUP, Plain.PLAIN, most, false);

        int fitting = chat.fitting(notices, NOW);

        assertThat(fitting).isGreaterThan(atLeast);
        List<String> lines = chat.of(notices.subList(0, fitting), NOW).orElseThrow().lines();
        assertThat(length(lines)).isBetween(most * 9 / 10, most);
        String said = String.join("\n", lines);
        IntStream.range(0, fitting).forEach(i -> assertThat(said).contains("shop-checkout-" + i + "@eu"));
        assertThat(chat.of(notices.subList(0, fitting + 1), NOW)).isEmpty();
        assertThat(chat.fitting(notices.subList(0, 5), NOW)).isEqualTo(5);
        assertThat(chat.fitting(notices.subList(0, 1), NOW)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a&b|20|a&amp;b", "abc|3|abc", "abcd|3|…", "abcdef|5|ab…", "ab&|7|ab&amp;", "ab&c|6|ab…", "😀😀|7|😀…", "😀😀|6|…",
                "支付网关|9|支付…", "支付网关|12|支付网关", "abc|2|``"})
    void escapedTextIsCutNeitherWithinACharacterNorWithinAnEscape(String text, int most, String cut) {
        assertThat(Plain.PLAIN.escape(text, most)).isEqualTo(cut.replace("``", ""));
    }

    @ParameterizedTest
    @CsvSource({"abc,3,3,3", "支付,2,6,6", "😀,2,4,4", "'a\"b\\',4,4,6"})
    void lengthIsCountedAsTheReceiverDoes(String text, int chars, int bytes, int json) {
        assertThat(List.of(Measure.CHARS.of(text), Measure.BYTES.of(text), Measure.JSON_BYTES.of(text)))
                .containsExactly(chars, bytes, json);
    }
}
