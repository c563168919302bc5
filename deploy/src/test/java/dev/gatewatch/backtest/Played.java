package dev.gatewatch.backtest;

import dev.gatewatch.daemon.Configuration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plays small histories in tests. */
final class Played {
    /** 2026-01-01T00:00:00Z. */
    static final long T = 1_767_225_600_000L;

    static final String RULES = "rules: [{name: down, when: {failures: 3}, severity: critical}]";

    private Played() {}

    static Setup.Side side(String yaml) {
        try {
            Path file = Files.createTempFile("backtest", ".yml");
            Files.writeString(file, yaml);
            Configuration.Attempt attempt = Configuration.read(List.of(file), Map.of());
            Files.delete(file);
            try (Configuration c = attempt.configuration().orElseThrow(() -> new AssertionError(attempt.lines()))) {
                return new Setup.Side("gatewatch.yml", c.plan(), c.rules(), c.maintenance(), c.location());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Setup setup(Setup.Unknown unknown, int threads, String... configurations) {
        return new Setup(
                List.of(configurations).stream().map(Played::side).toList(),
                unknown,
                Optional.empty(),
                Duration.ofMinutes(10),
                ZoneOffset.UTC,
                threads);
    }

    static Findings play(Setup setup, Source source) {
        try (source) {
            return new Backtest(setup, Progress.NONE, () -> false).run(source, Optional.empty(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Under one rule: down after three failures. */
    static Findings csv(String text) {
        return play(setup(Setup.Unknown.REFUSED, 1, RULES), source(text.getBytes(StandardCharsets.UTF_8), false));
    }

    static Source source(byte[] bytes, boolean lenient) {
        try {
            return CsvSource.of("results.csv", new ByteArrayInputStream(bytes), lenient);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of one probe, a run a minute: {@code .} passes, {@code F} fails, a blank is none. */
    static String runs(String probe, String pattern) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) != ' ') {
                lines.add((T + i * 60_000L) + "," + probe + ",12.5," + (pattern.charAt(i) == '.' ? 1 : 0));
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
