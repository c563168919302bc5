package dev.gatewatch.probes.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where Jazzer comes in, by its names: see {@code .ci/fuzz}. */
public final class JazzerEntry {
    private static Target target = Targets.all().getFirst();

    private JazzerEntry() {}

    /** Called once with the name of the target. */
    public static void fuzzerInitialize(String[] names) {
        target = Targets.named(names[0]);
    }

    /** Jazzer has bounds of its own on time and memory; ours would count what it adds to the code. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        target.feed().take(input);
    }

    /** Without a folder writes the names of all targets, else the seeds of the first into the second. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            Targets.all().forEach(System.out::println);
            return;
        }
        Path folder = Files.createDirectories(Path.of(args[1]));
        int number = 0;
        for (byte[] seed : Targets.named(args[0]).seeds()) {
            Files.write(folder.resolve("seed-" + number++), seed);
        }
    }
}
