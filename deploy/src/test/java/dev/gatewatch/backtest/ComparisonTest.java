package dev.gatewatch.backtest;

import static dev.gatewatch.backtest.Played.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two configurations over one history. */
final class ComparisonTest {
    private static final String TEXT = "timestamp_ms,probe,latency_ms,ok\n"
            + Played.runs("a", "..FFF......FFFFFF....FF....F")
            + Played.runs("b", "FFFFF.........FFF...........");

    @Test
    void alertsOfOneOnlyAndAtOtherTimesAreToldApart() {
        Findings findings = played(Played.RULES, "rules: [{name: down, when: {failures: 5}, severity: critical}, {name: twice, when: {failures: 2}}]");
        Comparison comparison = compared(findings);

        assertThat(comparison.same()).isZero();
        assertThat(comparison.onlyFirst()).extracting(Happening::rule, a -> a.series().probe()).containsExactly(
                tuple("down", "a"), tuple("down", "b"));
        assertThat(comparison.onlySecond()).hasSize(5).allSatisfy(a -> assertThat(a.rule()).isEqualTo("twice"));
        assertThat(comparison.changed()).hasSize(2).allSatisfy(pair -> {
            assertThat(pair.first().firedAt()).isEqualTo(pair.second().firedAt().minusSeconds(120));
            assertThat(pair.first().endsAt()).isEqualTo(pair.second().endsAt());
        });
    }

    @Test
    void aConfigurationIsLikeItself() {
        Comparison comparison = compared(played(Played.RULES, Played.RULES));

        assertThat(comparison.isSame()).isTrue();
        assertThat(comparison.same()).isEqualTo(4);
    }

    @Test
    void anAlertThatStillFiresIsTheOtherThatStillFires() {
        Findings findings = Played.play(
                Played.setup(Setup.Unknown.REFUSED, 1, Played.RULES, Played.RULES.replace("3", "2")),
                Played.source(("timestamp_ms,probe,latency_ms,ok\n" + Played.runs("a", "..FFF")).getBytes(StandardCharsets.UTF_8), false));

        assertThat(compared(findings).changed()).singleElement().satisfies(pair -> {
            assertThat(pair.first().firedAt()).isEqualTo(Instant.ofEpochMilli(T + 4 * 60_000 + 12));
            assertThat(pair.second().firedAt()).isEqualTo(Instant.ofEpochMilli(T + 3 * 60_000 + 12));
        });
    }

    @Test
    void textAndJsonTellOfBoth() {
        Findings findings = played(Played.RULES, Played.RULES.replace("3", "5"));
        Optional<Comparison> comparison = Optional.of(compared(findings));
        String text = FindingsText.of(findings, comparison, ZoneOffset.UTC);
        JsonNode json = JsonMapper.shared().readTree(FindingsJson.of(findings, comparison));

        assertThat(text).contains("same in both: 0; only gatewatch.yml: 2; only gatewatch.yml: 0; at other times: 2");
        assertThat(json.path("configurations")).hasSize(2);
        assertThat(json.path("configurations").path(0).path("alerts").path(0).path("firedAt").asString()).isEqualTo("2026-01-01T00:02:00.012Z");
        assertThat(json.path("comparison").path("changed").path(0).path("second").path("seconds").asInt()).isPositive();
    }

    private static Findings played(String first, String second) {
        return Played.play(
                Played.setup(Setup.Unknown.REFUSED, 1, first, second),
                Played.source(TEXT.getBytes(StandardCharsets.UTF_8), false));
    }

    private static Comparison compared(Findings findings) {
        return Comparison.of(findings.sides().getFirst(), findings.sides().getLast(), findings.to());
    }
}
