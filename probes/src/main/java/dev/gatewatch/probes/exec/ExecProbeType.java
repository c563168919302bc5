package dev.gatewatch.probes.exec;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** {@code type: exec}: a command that says how things are. */
public final class ExecProbeType implements ProbeType {
    private static final Key<List<Argument>> COMMAND = Key.required(
            "command",
            Types.list(Argument.TYPE, 1),
            "Program and arguments, one item each; no shell reads them. {target} stands for the target and {timeout} for the"
                    + " time-out in whole seconds. A program without a slash is looked for in PATH, and a relative path starts at the"
                    + " configuration's folder. Arguments are seen by every user of the machine: secrets belong in env.");
    private static final Key<String> TARGET = Key.optional(
            "target",
            Types.text(
                    "text without blanks that does not begin with a dash",
                    "[A-Za-z0-9_.\\[/][A-Za-z0-9_.:/@%\\[\\]~?&=+,-]*"),
            "What the command looks at, put in the place of {target} in its arguments; shown as the probe's target.");
    private static final Key<SequencedMap<String, Argument>> ENV = Key.withDefault(
            "env",
            Types.map(Types.text("a name of an environment variable", "[A-Za-z_][A-Za-z0-9_]*"), Argument.TYPE),
            new LinkedHashMap<>(),
            "{}",
            "Environment variables for the command. It gets these, PATH, LANG=C and GATEWATCH_RUN, by which its processes are found,"
                    + " and nothing else of the daemon's.");
    private static final Key<String> DIRECTORY = Key.withDefault(
            "directory", Types.text(), "/", "/", "Folder to run the command in; a relative path starts at the configuration's folder.");
    private static final Key<Cause> CAUSE = Key.withDefault(
            "cause",
            Types.scalar(
                    "a cause that blames the target, such as health_down or latency_high",
                    Map.of("enum", causes()),
                    text -> Cause.of(text).filter(cause -> cause.causeClass() != CauseClass.OWN_SIDE)),
            Cause.HEALTH_DOWN,
            Cause.HEALTH_DOWN.code(),
            "The cause that a run has when the command says that the target fails or is degraded.");

    private final Runner runner;

    public ExecProbeType() {
        this(Runner.SHARED);
    }

    /** With other bounds. */
    ExecProbeType(Runner runner) {
        this.runner = runner;
    }

    /** All that blame the target. */
    private static List<String> causes() {
        return Stream.of(Cause.values())
                .filter(cause -> cause.causeClass() != CauseClass.OWN_SIDE)
                .map(Cause::code)
                .toList();
    }

    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String description() {
        return "Runs a command, such as any Nagios or Icinga plugin, and takes its exit code, text and performance data.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(COMMAND, TARGET, ENV, DIRECTORY, ExitCodes.KEY, CAUSE);
    }

    @Override
    public Key<?> endpoint() {
        return TARGET;
    }

    @Override
    public List<FactSpec> facts() {
        return ExecFacts.SPECS;
    }

    @Override
    public List<String> phases() {
        return List.of("run");
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_exec_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        Path base = section.reading().baseDirectory().toAbsolutePath();
        Path directory = base.resolve(section.get(DIRECTORY));
        if (!Files.isDirectory(directory)) {
            section.problem(DIRECTORY, "no such folder: " + directory);
        }
        var command = new Command(section.get(COMMAND), section.get(ENV), directory, base);
        if (command.words().getFirst().text().reveal().isBlank()) {
            section.problem(COMMAND, "the first item is the program to run, and it is empty");
        }
        Optional<String> target = section.find(TARGET);
        if (target.isPresent() && !command.namesTarget()) {
            section.problem(TARGET, "nothing in command or env says {target}, so that the command would not know of it");
        }
        if (target.isEmpty() && command.namesTarget()) {
            section.problem(COMMAND, "{target} stands for the key target, which is not there");
        }
        return new ExecProbe(
                command, target.orElse(""), ExitCodes.of(section.get(ExitCodes.KEY)), section.get(CAUSE), runner);
    }
}
