package dev.gatewatch.probes.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class QuotaTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments(
                        List.of("X-RateLimit-Limit: 100", "X-RateLimit-Remaining: 40", "X-RateLimit-Reset: 30"),
                        "40 of 100 requests left, reset in 30s",
                        false),
                arguments(
                        List.of("X-RateLimit-Limit: 5000", "X-RateLimit-Remaining: 250", "X-RateLimit-Reset: 1700000060"),
                        "250 of 5000 requests left, reset in 60s",
                        true),
                arguments(List.of("X-Rate-Limit-Remaining: 0"), "0 requests left", true),
                arguments(List.of("X-RateLimit-Remaining: 3"), "3 requests left", false),
                arguments(
                        List.of("RateLimit-Limit: 10, 10;w=1", "RateLimit-Remaining: 9"), "9 of 10 requests left", false),
                arguments(
                        List.of("RateLimit: limit=100, remaining=4, reset=50"),
                        "4 of 100 requests left, reset in 50s",
                        true),
                arguments(
                        List.of("RateLimit: \"default\";r=50;t=30", "RateLimit-Policy: \"default\";q=100;w=60"),
                        "50 of 100 requests left, reset in 30s",
                        false),
                arguments(
                        List.of(
                                "RateLimit: \"burst\";r=90;t=3, \"day\";r=40;t=5000",
                                "RateLimit-Policy: \"burst\";q=100;w=60, \"day\";q=1000;w=86400"),
                        "40 of 1000 requests left, reset in 5000s",
                        true),
                arguments(
                        List.of("RateLimit: \"a\";r=9", "RateLimit: \"b\";r=0", "RateLimit-Policy: \"a\";q=10"),
                        "0 requests left",
                        true));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void theUsualHeadersAreUnderstood(List<String> lines, String shown, boolean low) {
        var headers = new Headers.Builder();
        lines.forEach(headers::add);

        Quota quota = Quota.of(headers.build(), NOW);

        assertThat(quota.shown()).isEqualTo(shown);
        assertThat(quota.isLow()).isEqualTo(low);
    }

    @Test
    void nothingIsReadOfAnythingElse() {
        Quota quota = Quota.of(Headers.of("X-RateLimit-Remaining", "many", "RateLimit", "???"), NOW);

        assertThat(quota.left()).isEmpty();
        assertThat(quota.isLow()).isFalse();
    }

    @Test
    void retryAfterIsANumberOrADate() {
        assertThat(Quota.retryAfter(Headers.of("Retry-After", "120"), NOW)).hasValue(120);
        assertThat(Quota.retryAfter(Headers.of("Retry-After", "Tue, 14 Nov 2023 22:14:20 GMT"), NOW))
                .hasValue(60);
        assertThat(Quota.retryAfter(Headers.of("Retry-After", "soon"), NOW)).isEqualTo(OptionalDouble.empty());
    }
}
