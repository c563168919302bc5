package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class OffsetsTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    static Stream<Arguments> waysToNameProbes() {
        return Stream.of(
                Arguments.of("numbered", (IntFunction<Series>) i -> new Series("check-" + i, "", "dc1")),
                Arguments.of("padded", (IntFunction<Series>) i -> new Series("check-%05d".formatted(i), "", "dc1")),
                Arguments.of("hosts", (IntFunction<Series>)
                        i -> new Series("https-gw" + i % 50 + ".pay.example.com", "region-" + i / 50, "dc1")),
                Arguments.of("regions", (IntFunction<Series>) i -> new Series("checkout", "r" + i, "dc1")),
                Arguments.of("locations", (IntFunction<Series>) i -> new Series("checkout", "", "dc" + i)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waysToNameProbes")
    void fiveHundredProbesStartEvenlyOverTenSeconds(String way, IntFunction<Series> naming) {
        var seconds = new int[10];
        IntStream.range(0, 500)
                .mapToObj(naming)
                .forEach(series -> seconds[(int) (Offsets.of(series, TEN_SECONDS).toMillis() / 1_000)]++);

        assertThat(IntStream.of(seconds)).as("mean 50, " + way).allMatch(n -> n > 20 && n < 80);
    }

    @Test
    void anOffsetIsWithinItsIntervalAndAlwaysTheSame() {
        for (Duration interval : new Duration[] {Duration.ofMillis(100), TEN_SECONDS, Duration.ofDays(30)}) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(Offsets.of(new Series("p" + i, "", "here"), interval))
                        .isBetween(Duration.ZERO, interval.minusMillis(1));
            }
        }
        // a change would move every probe of every user at an upgrade
        assertThat(Offsets.of(new Series("gateway-health", "", "dc1"), TEN_SECONDS)).isEqualTo(Duration.ofMillis(3_934));
    }

    @Test
    void theSameLettersCutAnotherWayAreAnotherSeries() {
        assertThat(Offsets.of(new Series("ab", "c", "d"), Duration.ofDays(1)))
                .isNotEqualTo(Offsets.of(new Series("a", "bc", "d"), Duration.ofDays(1)));
    }
}
