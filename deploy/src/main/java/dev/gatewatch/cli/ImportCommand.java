package dev.gatewatch.cli;

import dev.gatewatch.importing.Importing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatewatch import}. */
@Command(
        name = "import",
        description = "Writes a configuration from that of another monitor, and says what could not be carried over.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  gatewatch import blackbox blackbox.yml --prometheus prometheus.yml -o gatewatch.yml",
            "  gatewatch import gatus config.yaml",
            "  gatewatch import uptime-kuma backup.json"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:a configuration was written that check-config has nothing against",
            "1:a configuration was written, and something in it has to be mended first",
            "2:nothing was written: a file cannot be read, or bad usage"
        })
final class ImportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FROM", description = "blackbox, gatus or uptime-kuma.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String from;

    @Parameters(index = "1", paramLabel = "FILE", description = "blackbox.yml, Gatus' configuration, or a backup of Uptime Kuma (JSON).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
            names = "--prometheus",
            paramLabel = "FILE",
            description = "The Prometheus configuration whose scrape jobs name the targets of the modules; with blackbox only.")
    private @Nullable Path prometheus;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write; a file that is there already is kept. Default: standard output.")
    private @Nullable Path output;

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (NoSuchFileException _) {
            throw new UserError("cannot write " + file + ": there is no such folder");
        } catch (AccessDeniedException _) {
            throw new UserError("cannot write " + file + ": no permission");
        } catch (IOException e) {
            throw new UserError("cannot write " + file + ": " + e.getMessage());
        }
    }

    @Override
    public Integer call() throws IOException {
        Importing.From source = Importing.From.of(from)
                .orElseThrow(() -> new UserError("\"" + from + "\" cannot be imported; known are blackbox, gatus and uptime-kuma"));
        if (prometheus != null && source != Importing.From.BLACKBOX) {
            throw new UserError("--prometheus goes with blackbox only");
        }
        Importing.Outcome outcome = Importing.of(source, file, Optional.ofNullable(prometheus));
        PrintWriter err = spec.commandLine().getErr();
        outcome.problems().forEach(err::println);
        String text = outcome.text().orElseThrow(() -> new UserError("nothing was imported"));
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            out.flush();
        } else {
            if (Files.exists(output)) {
                throw new UserError(output + " is there already and was kept; choose another name, or move it away");
            }
            write(output, text);
            err.println("wrote " + output);
        }
        outcome.notes().forEach(note -> err.println("note: " + note));
        outcome.mistakes().forEach(mistake -> err.println("to be mended: " + mistake));
        err.println(outcome.probes() + (outcome.probes() == 1 ? " probe, " : " probes, ") + outcome.notes().size()
                + (outcome.notes().size() == 1 ? " note, " : " notes, ") + outcome.mistakes().size() + " to be mended");
        err.flush();
        return outcome.mistakes().isEmpty() ? ExitCode.WELL : ExitCode.NO;
    }
}
