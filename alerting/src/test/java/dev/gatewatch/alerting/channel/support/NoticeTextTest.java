package dev.gatewatch.alerting.channel.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoticeTextTest {
    private static final Optional<URI> PAGE = Optional.of(URI.create("https://watch.example.com"));

    @Test
    void aFiringNoticeTellsWhatSinceWhenWhyAndWhatToDo() {
        NoticeText text = NoticeText.of(
                AlertSamples.notice(1, AlertSamples.firing("a1")), PAGE, AlertSamples.START.plusSeconds(250));

        assertThat(text.title()).isEqualTo("CRITICAL gateway-health@eu: http_status");
        assertThat(text.body()).isEqualTo("""
                expected status 200, got 503
                Since 03:12:05 UTC, 4m 10s ago. Seen from dc1, rule gateway-down.
                Cause: The HTTP status is not among the expected ones. (http_status, request)
                Evidence: body: {"error":"upstream"}
                Do first: Look at the target's log for the time and trace id of this run.
                Runbook: https://wiki.example.com/gateway?a=1&b=2
                Page: https://watch.example.com/probes/gateway-health""");
    }

    @Test
    void aResolvedNoticeTellsHowLongItLasted() {
        NoticeText text = NoticeText.of(
                AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a1"))),
                Optional.empty(),
                AlertSamples.START.plusSeconds(255));

        assertThat(text.title()).isEqualTo("RESOLVED gateway-health@eu: http_status");
        assertThat(text.when())
                .isEqualTo("Resolved after 4m 10s (03:12:05 UTC to 03:16:15 UTC). It works again."
                        + " Seen from dc1, rule gateway-down.");
        assertThat(text.body()).doesNotContain("Do first", "Page:");
    }

    @Test
    void anAlertOfARemovedProbeDoesNotClaimThatItWorksAgain() {
        NoticeText text = NoticeText.of(
                AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a1"), "removed")),
                PAGE,
                AlertSamples.START.plusSeconds(255));

        assertThat(text.when()).contains("taken out of the configuration").doesNotContain("works again");
    }

    @Test
    void aNoticeOfYesterdayTellsTheDay() {
        NoticeText text = NoticeText.of(
                AlertSamples.notice(1, AlertSamples.firing("a1")), PAGE, AlertSamples.START.plus(Duration.ofHours(30)));

        assertThat(text.when()).startsWith("Since 2026-03-02 03:12:05 UTC, 1d 6h ago.");
    }

    @Test
    void aPossibleRepeatSaysSo() {
        var notice = AlertSamples.notice(1, AlertSamples.firing("a1"));

        assertThat(NoticeText.of(notice, PAGE, AlertSamples.START).body()).doesNotContain("repeat");
        assertThat(NoticeText.of(AlertSamples.repeat(notice), PAGE, AlertSamples.START).body())
                .contains("may be a repeat");
    }

    @Test
    void anAlertWithoutAMessageSaysWhatItsCauseMeans() {
        var alert = AlertSamples.with(AlertSamples.firing("a1"), Cause.CERT_EXPIRED, "", "");

        NoticeText text = NoticeText.of(AlertSamples.notice(1, alert), PAGE, AlertSamples.START);

        assertThat(text.what()).isEqualTo("The certificate is past its end date.");
        assertThat(text.body()).doesNotContain("Evidence");
    }

    @Test
    void aPageUnderAPathKeepsIt() {
        assertThat(NoticeText.page(URI.create("https://x.example/watch/"), AlertSamples.firing("a1")))
                .isEqualTo("https://x.example/watch/probes/gateway-health");
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0s", "PT0.9S,0s", "PT59S,59s", "PT4M10S,4m 10s", "PT1H,1h", "PT3H0M7S,3h", "PT76H12M,3d 4h", "PT-5S,0s"})
    void spansAreToldInTheirTwoLargestUnits(Duration span, String words) {
        assertThat(Span.inWords(span)).isEqualTo(words);
    }
}
