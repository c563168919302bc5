package dev.gatewatch.probes.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RedactionTest {
    private final Redaction redaction = new Redaction(List.of(new Secret("top secret"), new Secret("top secret & more")));

    @Test
    void secretsAreMaskedPlainAndUrlEncodedTheLongerFirst() {
        assertThat(redaction.line("a top secret b")).isEqualTo("a <secret> b");
        assertThat(redaction.line("top secret & more")).isEqualTo("<secret>");
        assertThat(redaction.line("x=top+secret+%26+more")).isEqualTo("x=<secret>");
    }

    @Test
    void aLineIsOneLineAndBounded() {
        assertThat(redaction.line(" a\r\n\tb\u0007c\n")).isEqualTo("a b c");
        assertThat(redaction.line("x".repeat(10_000))).hasSize(401).endsWith("…");
    }

    @Test
    void aBlockKeepsItsLinesAndShowsWhatCannotBePrinted() {
        assertThat(redaction.block("a\r\nb\u0000c\ufffd")).isEqualTo("a\nb·c·");
    }
}
