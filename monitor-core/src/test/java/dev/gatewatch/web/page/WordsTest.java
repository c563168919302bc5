package dev.gatewatch.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Fact;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 s", "59s,59 s", "60s,1 min", "3599s,59 min", "1h,1 h", "1h5m,1 h 5 min", "24h,1 d", "27h,1 d 3 h", "11d5h,11 d"
    })
    void spansHaveTwoUnitsAtMost(String span, String words) {
        assertThat(Words.span(Durations.parse(span).orElseThrow())).isEqualTo(words);
    }

    @Test
    void aSpanFromTheFutureIsNone() {
        assertThat(Words.span(Duration.ofSeconds(-5))).isEqualTo("0 s");
    }

    @ParameterizedTest
    @CsvSource({"840us,0.84 ms", "9999us,10.00 ms", "12500us,12.5 ms", "812ms,812 ms", "2410ms,2.41 s", "0,0.00 ms"})
    void latenciesHaveThreeFiguresOrSo(String latency, String words) {
        assertThat(Words.latency(Durations.parse(latency).orElseThrow())).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"100ms,100ms,''", "149ms,100ms,''", "150ms,100ms,1.5× usual", "2s,100ms,20× usual", "5ms,0,''"})
    void onlyALatencyFarAboveTheUsualIsRemarked(String now, String usual, String words) {
        assertThat(Words.beside(Durations.parse(now).orElseThrow(), Durations.parse(usual).orElseThrow()))
                .isEqualTo(words);
    }

    @Test
    void factsReadAsPeopleWouldSayThem() {
        assertThat(Words.fact(Fact.of(true), "")).isEqualTo("yes");
        assertThat(Words.fact(Fact.of(200), "probe_http_status_code")).isEqualTo("200");
        assertThat(Words.fact(Fact.of("TLS 1.3"), "")).isEqualTo("TLS 1.3");
        assertThat(Words.fact(Fact.of(1_800_000_000), "probe_ssl_earliest_cert_expiry"))
                .isEqualTo("2027-01-15 08:00:00 UTC");
        assertThat(Words.fact(Fact.of(-62_135_596_800.0), "probe_ssl_last_chain_expiry_timestamp_seconds"))
                .isEqualTo("-62135596800");
    }

    @ParameterizedTest
    @CsvSource({"checkout,/probes/checkout", "a b/c,/probes/a%20b%2Fc", "<x>,/probes/%3Cx%3E"})
    void probePathsAreEncoded(String probe, String path) {
        assertThat(Words.probePath(probe)).isEqualTo(path);
    }
}
