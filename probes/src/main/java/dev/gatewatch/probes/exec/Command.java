package dev.gatewatch.probes.exec;

import dev.gatewatch.config.Secret;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * What to run. Immutable.
 *
 * @param words program and arguments; no shell reads them
 * @param environment beside PATH and LANG
 * @param directory to run it in
 * @param base where a program with a relative path starts
 */
record Command(List<Argument> words, SequencedMap<String, Argument> environment, Path directory, Path base) {
    /** By which what a command started is found again, wherever it went. */
    static final String MARK = "GATEWATCH_RUN";

    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    Command {
        words = List.copyOf(words);
    }

    boolean namesTarget() {
        return Stream.concat(words.stream(), environment.values().stream()).anyMatch(Argument::namesTarget);
    }

    /** The program's file name, for people. */
    String name() {
        String program = words.getFirst().text().reveal();
        return words.getFirst().secret() ? "command" : program.substring(program.lastIndexOf('/') + 1);
    }

    /** The program as written, for people. */
    String program() {
        return words.getFirst().secret() ? "the command" : words.getFirst().text().reveal();
    }

    List<Secret> secrets() {
        return Stream.concat(words.stream(), environment.values().stream())
                .filter(Argument::secret)
                .map(Argument::text)
                .toList();
    }

    /** Where the program is; nothing where PATH does not have it. */
    Optional<Path> find() {
        String program = words.getFirst().text().reveal();
        if (program.indexOf('/') >= 0) {
            return Optional.of(base.resolve(program));
        }
        return Stream.of(path().split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(file -> file.toFile().isFile())
                .findFirst();
    }

    private String path() {
        Argument own = environment.get("PATH");
        return own != null
                ? own.text().reveal()
                : Optional.ofNullable(System.getenv("PATH")).orElse(USUAL_PATH);
    }

    /** A process to start, with nothing of the daemon's own environment but PATH. */
    ProcessBuilder process(Path program, String target, Duration timeout, String mark) {
        var line = new ArrayList<String>();
        line.add(program.toString());
        words.stream().skip(1).forEach(word -> line.add(word.filled(target, timeout)));
        Map<String, String> variables = new HashMap<>();
        variables.put("LANG", "C");
        variables.put("PATH", path());
        environment.forEach((name, value) -> variables.put(name, value.filled(target, timeout)));
        variables.put(MARK, mark);
        var process = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        process.environment().clear();
        process.environment().putAll(variables);
        return process;
    }
}
