package dev.gatewatch.importing;

import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.daemon.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Reads another monitor's configuration and writes ours. */
public final class Importing {
    /** Whose configuration it is. */
    public enum From {
        BLACKBOX,
        GATUS,
        UPTIME_KUMA;

        /** By the word on the command line. */
        public static Optional<From> of(String word) {
            return Arrays.stream(values())
                    .filter(f -> f.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word))
                    .findFirst();
        }
    }

    /**
     * What came of it. Immutable.
     *
     * @param text the configuration; absent where the source could not be read
     * @param probes how many there are in it
     * @param problems why it could not be read
     * @param notes what was not carried over
     * @param mistakes what our own reader has against the text
     */
    public record Outcome(
            Optional<String> text, int probes, List<String> problems, List<String> notes, List<String> mistakes) {}

    private Importing() {}

    /**
     * Reads and writes.
     *
     * @param prometheus names the targets of blackbox_exporter's modules
     * @throws IOException when no temporary file can be written
     */
    public static Outcome of(From from, Path file, Optional<Path> prometheus) throws IOException {
        var problems = new Problems();
        Optional<Imported> imported =
                switch (from) {
                    case BLACKBOX -> BlackboxImport.read(file, prometheus, problems);
                    case GATUS -> GatusImport.read(file, problems);
                    case UPTIME_KUMA -> KumaImport.read(file, problems);
                };
        List<String> told = problems.list().stream().map(Problem::toString).toList();
        if (imported.isEmpty()) {
            return new Outcome(Optional.empty(), 0, told, List.of(), List.of());
        }
        Imported all = imported.get();
        all.complete();
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.AUTO)
                .setIndent(2)
                .setWidth(140)
                .build();
        String text = "# Made from " + file.getFileName() + ".\n" + new Dump(settings).dumpToString(all.tree());
        return new Outcome(Optional.of(text), all.probes(), told, all.notes(), mistakes(text, file));
    }

    /** Beside the source, where relative paths in it start; elsewhere if nothing can be written there. */
    private static Path trialFile(Path source) throws IOException {
        Path folder = source.toAbsolutePath().getParent();
        return folder != null && Files.isWritable(folder)
                ? Files.createTempFile(folder, ".gatewatch-import", ".yml")
                : Files.createTempFile("gatewatch-import", ".yml");
    }

    /** Read as a user's file would be; references to variables that are not set yet are no mistakes. */
    private static List<String> mistakes(String text, Path source) throws IOException {
        Path trial = trialFile(source);
        try {
            Files.writeString(trial, text.replaceAll("\\$\\{env:[A-Za-z0-9_]+}", "https://not.set.example/0123456789"));
            Configuration.Attempt attempt = Configuration.read(List.of(trial), System.getenv());
            attempt.configuration().ifPresent(Configuration::close);
            return attempt.problems().stream()
                    .filter(p -> p.severity() == Problem.Severity.ERROR)
                    .map(p -> p.path() + ": " + p.message() + p.suggestion().map(s -> "; " + s).orElse(""))
                    .toList();
        } finally {
            Files.delete(trial);
        }
    }
}
