package dev.gatewatch.alerting.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest
    @CsvSource({"1,PT1S", "2,PT2S", "3,PT4S", "9,PT4M16S", "10,PT5M", "1000000,PT5M"})
    void theCeilingDoublesUpToFiveMinutes(int failures, Duration ceiling) {
        assertThat(Backoff.of(new LongestDraw()).after(failures)).isEqualTo(ceiling);
    }

    @Test
    void waitsAreSpreadOverAllTheTimeUpToTheCeiling() {
        Backoff backoff = Backoff.of(new Random(1));
        var waits = IntStream.range(0, 1_000).mapToObj(_ -> backoff.after(6)).toList();

        assertThat(waits).allMatch(w -> w.toMillis() >= 100 && w.toMillis() <= 32_000);
        assertThat(waits).anyMatch(w -> w.toMillis() < 3_200).anyMatch(w -> w.toMillis() > 28_800);
    }

    @Test
    void whatWasAskedForIsNeverCutShort() {
        Backoff backoff = Backoff.of(new Random(1));

        assertThat(IntStream.range(0, 1_000).mapToObj(_ -> backoff.asAsked(Duration.ofSeconds(7))))
                .allMatch(w -> w.toMillis() >= 7_000 && w.toMillis() < 8_000);
    }

    @Test
    void aLowerCeilingCanBeSet() {
        assertThat(Backoff.of(new LongestDraw()).atMost(Duration.ofMinutes(1)).after(100)).isEqualTo(Duration.ofMinutes(1));
    }
}
