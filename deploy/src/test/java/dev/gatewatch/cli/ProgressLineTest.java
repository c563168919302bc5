package dev.gatewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressLineTest {
    private final StringWriter out = new StringWriter();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aTerminalSeesABarThatIsTakenAwayInTheEnd() {
        try (var line = new ProgressLine(new PrintWriter(out), true, nanos::get)) {
            line.at(1, 0);
            assertThat(out.toString()).isEmpty();
            nanos.set(2_000_000_000L);
            line.at(1_000_000, 0.25);
            assertThat(out.toString())
                    .isEqualTo("\r[########......................] 25 %, 1,000,000 runs, 500,000 a second, 6 s left");
        }
        assertThat(out.toString()).endsWith("\r");
    }

    @Test
    void elsewhereALineComesEveryFewSeconds() {
        var line = new ProgressLine(new PrintWriter(out), false, nanos::get);
        for (int second = 0; second < 12; second++) {
            nanos.set(second * 1_000_000_000L);
            line.at(second * 1_000L, Double.NaN);
        }
        line.close();

        assertThat(out.toString().lines()).containsExactly("5,000 runs, 1,000 a second", "10,000 runs, 1,000 a second");
    }
}
