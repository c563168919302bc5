package dev.gatewatch.kit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Programs from outside that some tests drive, such as nginx or Prometheus. */
public final class Components {
    private Components() {}

    /**
     * The program's path. Where it is not installed the test is skipped with the reason, or fails when the system property
     * {@code require.components} is {@code true} (as the continuous build sets it).
     */
    public static Path require(String program) {
        Optional<Path> found = find(program);
        if (found.isEmpty()) {
            String reason = program + " is not installed (on Debian: apt-get install " + program + ")";
            if (Boolean.getBoolean("require.components")) {
                Assertions.fail(reason);
            }
            Assumptions.abort(reason);
        }
        return found.orElseThrow();
    }

    /** The program's path, looked for in PATH and where Debian keeps daemons. */
    public static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
