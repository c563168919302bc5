package dev.gatewatch.probes.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatewatch.probe.Report;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class HopTest {
    static Stream<Arguments> origins() {
        return Stream.of(
                arguments("https://a.example/x", "https://a.example/y", true),
                arguments("http://a.example/", "https://a.example/", true),
                arguments("https://a.example/", "http://a.example/", false),
                arguments("https://a.example/", "https://a.example:8443/", false),
                arguments("https://a.example/", "https://b.a.example/", false),
                arguments("http://a.example:8080/", "https://a.example/", false));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void homeIsTheSameOriginOrItsUpgradeToTls(String configured, String to, boolean home) {
        assertThat(Hop.isHome(UrlType.parse(to).orElseThrow(), UrlType.parse(configured).orElseThrow()))
                .isEqualTo(home);
    }

    @Test
    void leavingTlsIsNoted() {
        var transcript = new Transcript(new Redaction(List.of()));
        var secure = new Hop(UrlType.parse("https://a.example/").orElseThrow(), "GET", false, true);
        var plain = new Hop(UrlType.parse("http://a.example/").orElseThrow(), "GET", false, false);
        transcript.hop(secure, 302, plain);
        var report = Report.builder();

        transcript.tell(report);

        assertThat(report.build().evidence().getFirst().text()).contains("(leaves TLS)");
    }
}
