package dev.gatewatch.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineIT {
    @TempDir
    Path folder;

    @Test
    void versionSaysWhatRuns() throws Exception {
        var ended = GatewatchProcess.command(folder, "version");

        assertThat(ended.exit()).isZero();
        assertThat(ended.out()).startsWith("gatewatch 0.").contains("Java 25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check-config", "probe", "alerts", "ack", "silence", "test-channel", "rules", "backtest", "demo", "schema", "version"})
    void everyCommandHasHelp(String command) throws Exception {
        var ended = GatewatchProcess.command(folder, command, "--help");

        assertThat(ended.exit()).isZero();
        assertThat(ended.out()).startsWith("Usage: gatewatch " + command);
    }

    @Test
    void anUnknownCommandIsBadUsageWithASuggestion() throws Exception {
        var ended = GatewatchProcess.command(folder, "chek-config");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.err()).contains("check-config").doesNotContain("at dev.gatewatch");
    }

    @Test
    void shellCompletionIsPrinted() throws Exception {
        var ended = GatewatchProcess.command(folder, "generate-completion");

        assertThat(ended.exit()).isZero();
        assertThat(ended.out()).contains("check-config");
    }
}
