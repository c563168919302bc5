package dev.gatewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a careless user is told by the commands. */
final class UsageTest {
    @TempDir
    Path folder;

    @Test
    void aFileThatCannotBeWrittenIsNoFaultOfGatewatch() throws Exception {
        Path blackbox = Files.writeString(folder.resolve("blackbox.yml"), "modules: {m: {prober: http}}");
        Path nowhere = folder.resolve("none/gatewatch.yml");

        assertThat(told("import", "blackbox", blackbox.toString(), "-o", nowhere.toString()))
                .endsWith("gatewatch: cannot write " + nowhere + ": there is no such folder\n");
    }

    @Test
    void aRegionNeedsAConfiguration() {
        assertThat(told("probe", "--region", "eu", "http://127.0.0.1:1/"))
                .isEqualTo("gatewatch: --region goes with --config: a target on the command line has no regions\n");
    }

    private static String told(String... args) {
        var err = new StringWriter();
        int code = Main.commandLine().setErr(new PrintWriter(err)).execute(args);
        assertThat(code).isEqualTo(ExitCode.FAULT);
        return err.toString();
    }
}
