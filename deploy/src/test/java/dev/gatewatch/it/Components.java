package dev.gatewatch.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs from outside that a test needs: skipped with the reason where they are missing, failed where they are required. */
final class Components {
    private static final List<String> FOLDERS = List.of("/usr/local/bin", "/usr/bin", "/usr/sbin", "/bin", "/opt/homebrew/bin");

    private Components() {}

    /** The program under the first of these names that is installed. */
    static Path require(String debianPackage, String... names) {
        Optional<Path> found = Stream.of(names)
                .flatMap(name -> FOLDERS.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        String missing = names[0] + " is not installed (Debian: apt-get install " + debianPackage + ")";
        if (found.isEmpty() && Boolean.getBoolean("require.components")) {
            throw new AssertionError(missing);
        }
        Assumptions.assumeTrue(found.isPresent(), missing);
        return found.orElseThrow();
    }
}
