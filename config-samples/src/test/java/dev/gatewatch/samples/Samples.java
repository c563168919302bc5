package dev.gatewatch.samples;

import dev.gatewatch.daemon.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The samples of this module, by name. Paths are relative to it, as a user would give them. */
final class Samples {
    /** What the samples' {@code ${env:…}} find. */
    static final Map<String, String> ENVIRONMENT =
            Map.of("HOOK_URL", "https://hooks.example.com/gatewatch", "SHOP_TOKEN", "not-a-real-token");

    private static final Path WORKING = Path.of("samples");
    private static final Path BROKEN = Path.of("broken");

    private Samples() {}

    /** Files with one mistake, or a few of a kind, each. */
    static List<Path> broken() {
        return list(BROKEN).filter(p -> !p.toString().endsWith(".txt")).toList();
    }

    /** Folders that load as they are. */
    static List<Path> working() {
        return list(WORKING).toList();
    }

    /** The YAML files of a sample. */
    static List<Path> files(Path sample) {
        return Files.isDirectory(sample)
                ? list(sample).filter(p -> p.toString().matches(".*\\.ya?ml")).toList()
                : List.of(sample);
    }

    static Configuration.Attempt read(Path sample) {
        return Configuration.read(List.of(sample), ENVIRONMENT);
    }

    /** Where the messages stand that a user sees: beside a file, {@code name.expected.txt}. */
    static Path expectation(Path sample) {
        String name = sample.getFileName().toString().replaceAll("\\.ya?ml$", "");
        return sample.resolveSibling(name + ".expected.txt");
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
