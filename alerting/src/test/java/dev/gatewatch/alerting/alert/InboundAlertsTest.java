package dev.gatewatch.alerting.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.kit.TestStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InboundAlertsTest {
    private static final Instant T = Instant.parse("2026-03-01T03:00:00Z");

    @RegisterExtension
    final TestStore store = new TestStore();

    private static byte[] payload(String group, String... alerts) {
        return ("{\"version\":\"4\",\"receiver\":\"gatewatch\",\"groupKey\":\"" + group + "\",\"truncatedAlerts\":0,\"alerts\":["
                        + String.join(",", alerts) + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String firing(String name) {
        return "{\"status\":\"firing\",\"labels\":{\"alertname\":\"" + name + "\",\"instance\":\"pay:9100\"},\"annotations\":{},"
                + "\"startsAt\":\"2026-03-01T02:59:00.123Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"\","
                + "\"fingerprint\":\"" + name + "\"}";
    }

    private static String resolved(String name) {
        return firing(name)
                .replace("\"firing\"", "\"resolved\"")
                .replace("0001-01-01T00:00:00Z", "2026-03-01T03:00:30Z");
    }

    private InboundAlerts alerts() {
        return new InboundAlerts(store.get());
    }

    @Test
    void whatFiresIsKnownAlsoAfterARestart() {
        InboundAlerts first = alerts();
        assertThat(first.take(payload("g", firing("a"), firing("b")), T)).isEqualTo(2);

        store.reopen();
        assertThat(alerts().all()).isEqualTo(first.all()).containsOnlyKeys("a", "b");
        assertThat(alerts().all().get("a")).satisfies(alert -> {
            assertThat(alert.startsAt()).isEqualTo(Instant.parse("2026-03-01T02:59:00.123Z"));
            assertThat(alert.endsAt()).isEmpty();
            assertThat(alert.labels()).containsEntry("instance", "pay:9100");
        });
    }

    @Test
    void aResolvedOneHasItsEndAndAReason() {
        InboundAlerts alerts = alerts();
        alerts.take(payload("g", firing("a")), T);
        alerts.take(payload("g", resolved("a")), T.plusSeconds(31));

        assertThat(alerts.all().get("a").endsAt()).contains(T.plusSeconds(30));
        assertThat(alerts.all().get("a").endReason()).isEqualTo("healed");
    }

    @Test
    void theEndOfWhatNobodyToldOfIsNoNews() {
        InboundAlerts alerts = alerts();
        alerts.take(payload("g", resolved("a")), T.plusSeconds(31));

        assertThat(alerts.all()).isEmpty();
    }

    @Test
    void whatItsGroupNoLongerNamesIsOver() {
        InboundAlerts alerts = alerts();
        alerts.take(payload("g", firing("a"), firing("b")), T);
        alerts.take(payload("other", firing("c")), T.plusSeconds(10));
        assertThat(alerts.all().values()).allSatisfy(alert -> assertThat(alert.endsAt()).isEmpty());

        alerts.take(payload("g", firing("b")), T.plusSeconds(20));

        assertThat(alerts.all().get("a").endsAt()).contains(T.plusSeconds(20));
        assertThat(alerts.all().get("a").endReason()).isEqualTo("no longer reported");
        assertThat(alerts.all().get("b").endsAt()).isEmpty();
        assertThat(alerts.all().get("c").endsAt()).isEmpty();
    }

    @Test
    void aGroupThatWasCutOffEndsNothing() {
        InboundAlerts alerts = alerts();
        alerts.take(payload("g", firing("a"), firing("b")), T);
        String cut = new String(payload("g", firing("b")), StandardCharsets.UTF_8).replace("\"truncatedAlerts\":0", "\"truncatedAlerts\":1");
        alerts.take(cut.getBytes(StandardCharsets.UTF_8), T.plusSeconds(20));

        assertThat(alerts.all().get("a").endsAt()).isEmpty();
    }

    @Test
    void whatIsNotToldOfForMoreThanADayIsOver() {
        InboundAlerts alerts = alerts();
        alerts.take(payload("g", firing("a")), T);
        InboundAlert alert = alerts.all().get("a");

        assertThat(alert.at(T.plus(Duration.ofHours(25))).endsAt()).isEmpty();
        assertThat(alert.at(T.plus(Duration.ofHours(26)))).satisfies(late -> {
            assertThat(late.endsAt()).isEqualTo(Optional.of(T.plus(Duration.ofHours(26))));
            assertThat(late.endReason()).isEqualTo("no longer reported");
        });
    }

    @Test
    void whatIsLongOverIsForgotten() {
        InboundAlerts alerts = alerts();
        alerts.take(payload("g", firing("a")), T);
        alerts.take(payload("g", resolved("a")), T.plusSeconds(31));
        alerts.take(payload("other", firing("b")), T.plus(Duration.ofHours(2)));

        assertThat(alerts.all()).containsOnlyKeys("b");
        store.reopen();
        assertThat(alerts().all()).containsOnlyKeys("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock = """
            hello                                            | the payload is not JSON
            []                                               | it has no alerts
            {}                                               | it has no alerts
            {"alerts":{}}                                    | it has no alerts
            {"version":"3","alerts":[]}                      | version 4 is understood
            {"alerts":[{"labels":{}}]}                       | an alert has no labels
            {"alerts":[{"labels":[]}]}                       | labels of an alert should be an object
            {"alerts":[{"labels":{"a":1}}]}                  | labels of an alert should be texts
            {"alerts":[{"labels":{"a":"b"},"annotations":7}]} | annotations of an alert should be an object
            """)
    void whatIsMalformedIsRefusedInWords(String body, String words) {
        assertThatThrownBy(() -> alerts().take(body.getBytes(StandardCharsets.UTF_8), T))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
        assertThat(alerts().all()).isEmpty();
    }

    @Test
    void tooMuchAtOnceIsRefused() {
        byte[] many = payload("g", IntStream.range(0, 1_001).mapToObj(i -> firing("a" + i)).toArray(String[]::new));
        assertThatThrownBy(() -> alerts().take(many, T)).hasMessageContaining("1001 alerts");
        assertThatThrownBy(() -> alerts().take(new byte[1024 * 1024 + 1], T)).hasMessageContaining("larger than 1 MB");
        String labels = IntStream.range(0, 101).mapToObj(i -> "\"l" + i + "\":\"\"").collect(Collectors.joining(","));
        assertThatThrownBy(() -> alerts().take(("{\"alerts\":[{\"labels\":{" + labels + "}}]}").getBytes(StandardCharsets.UTF_8), T))
                .hasMessageContaining("100 at most");
    }

    @Test
    void moreOpenAlertsThanAnybodyCanReadAreRefusedAndNothingIsLost() {
        InboundAlerts alerts = alerts();
        for (int block = 0; block < 10; block++) {
            int from = block * 1_000;
            alerts.take(
                    payload("g" + block, IntStream.range(from, from + 1_000).mapToObj(i -> firing("a" + i)).toArray(String[]::new)), T);
        }
        assertThatThrownBy(() -> alerts.take(payload("more", firing("one-more")), T)).hasMessageContaining("more than 10000 alerts");

        assertThat(alerts.all()).hasSize(10_000);
        assertThat(alerts().all()).hasSize(10_000);
    }

    @Test
    void textsAreBoundedAndClean() {
        String huge = "x".repeat(10_000);
        String alert = "{\"status\":\"firing\",\"labels\":{\"alertname\":\"a\\u0000b\",\"huge\":\"" + huge + "\"}}";
        InboundAlerts alerts = alerts();
        alerts.take(payload("g", alert), T);

        assertThat(List.copyOf(alerts.all().values())).singleElement().satisfies(read -> {
            assertThat(read.label("alertname")).isEqualTo("a b");
            assertThat(read.label("huge")).hasSize(4_096);
            assertThat(read.fingerprint()).matches("[0-9a-f]{16}");
            assertThat(read.startsAt()).isEqualTo(T);
        });
    }
}
