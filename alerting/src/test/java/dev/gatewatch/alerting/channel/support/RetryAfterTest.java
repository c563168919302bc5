package dev.gatewatch.alerting.channel.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1999-12-31T23:59:29Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | PT7S",
                "0 | PT0S",
                " 120 | PT2M",
                "999999999999999999 | P1D",
                "864000 | P1D",
                "Fri, 31 Dec 1999 23:59:59 GMT | PT30S",
                "Fri, 31 Dec 1999 00:00:00 GMT | PT0S",
                "Tue, 31 Dec 2999 23:59:59 GMT | P1D",
                "soon |",
                "-5 |",
                "1.5 |",
            })
    void secondsAndDatesAreUnderstood(String header, Duration expected) {
        assertThat(RetryAfter.parse(header, NOW).orElse(null)).isEqualTo(expected);
    }

    @Test
    void secondsInJsonMayHaveAFraction() {
        assertThat(RetryAfter.ofSeconds(0.25)).contains(Duration.ofMillis(250));
        assertThat(RetryAfter.ofSeconds(1e300)).contains(RetryAfter.LONGEST);
        assertThat(RetryAfter.ofSeconds(-1)).isEmpty();
        assertThat(RetryAfter.ofSeconds(Double.NaN)).isEmpty();
    }
}
