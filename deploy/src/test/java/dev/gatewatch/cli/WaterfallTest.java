package dev.gatewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class WaterfallTest {
    private static Result result(Report report, long millis) {
        return new Result(
                new Series("checkout", "eu", "here"), "http", "https://eu.example.com/", Instant.EPOCH, Duration.ofMillis(millis), report);
    }

    @Test
    void phasesStandBelowEachOtherEachWhereTheLastOneEnded() {
        Report report = Report.builder()
                .phase("connect", Duration.ofMillis(25))
                .phase("tls", Duration.ofMillis(50))
                .phase("processing", Duration.ofMillis(25))
                .build();

        assertThat(new Waterfall(Ansi.OFF).of(result(report, 100)))
                .contains("connect       25.0 ms  ██████████\n")
                .contains("tls           50.0 ms            ████████████████████\n")
                .contains("processing    25.0 ms                                ██████████\n")
                .contains("total        100.0 ms");
    }

    @Test
    void aFailureSaysCauseMessageMeaningAndRemedy() {
        Report report = Report.builder()
                .fail(Cause.CERT_EXPIRED, "expired 3 days ago")
                .evidence("chain", "CN=eu.example.com")
                .build();

        assertThat(new Waterfall(Ansi.OFF).of(result(report, 10)))
                .startsWith("checkout@eu  http  https://eu.example.com/\nFAIL")
                .contains("cert_expired (environment)  expired 3 days ago")
                .contains("chain\n  CN=eu.example.com")
                .contains("meaning  " + Cause.CERT_EXPIRED.meaning())
                .contains("remedy   " + Cause.CERT_EXPIRED.remedy());
    }

    @Test
    void controlCharactersOfAPeerDoNotReachTheTerminal() {
        Report report = Report.builder()
                .fail(Cause.CONTENT_MISMATCH, "unexpected")
                .evidence("body", "a\u001b[31mred\u0007")
                .fact("server", "x\u001b]0;title\u0007")
                .build();

        assertThat(new Waterfall(Ansi.OFF).of(result(report, 10))).doesNotContain("\u001b", "\u0007");
    }
}
