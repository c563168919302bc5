package dev.gatewatch.kit;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Nodes;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes sections from maps as YAML would give them ({@link Map}, {@link List}, text, numbers, booleans, {@link Secret}), so that the
 * readers of sections are tested without the loader.
 */
public final class Sections {
    private static final Path HERE = Path.of("").toAbsolutePath();

    private Sections() {}

    /** The clean section; an {@link AssertionError} that lists the problems where it is not clean. */
    public static Section of(List<Key<?>> keys, Map<String, ?> values) {
        return read(SectionType.of("test", keys, section -> section), values, HERE);
    }

    /** The value that a section type makes; an {@link AssertionError} that lists the problems where there are any. */
    public static <T> T read(SectionType<T> type, Map<String, ?> values) {
        return read(type, values, HERE);
    }

    /**
     * As {@link #read(SectionType, Map)}.
     *
     * @param baseDirectory where relative paths start
     */
    public static <T> T read(SectionType<T> type, Map<String, ?> values, Path baseDirectory) {
        var problems = new Problems();
        Optional<T> value = type.read(node("", values), new Reading(problems, baseDirectory));
        return value.orElseThrow(() -> new AssertionError("problems with " + values.keySet() + ": " + lines(problems)));
    }

    /** The problems told about these values, each as a line for people, in order; empty for a clean section. */
    public static List<String> problems(SectionType<?> type, Map<String, ?> values) {
        var problems = new Problems();
        type.read(node("", values), new Reading(problems, HERE));
        return lines(problems);
    }

    /** The probe that a type makes of these values; an {@link AssertionError} that lists the problems where there are any. */
    public static Probe probe(ProbeType type, Map<String, ?> values) {
        return read(SectionType.of(type.name(), type.keys(), type::create), values);
    }

    /** The problems told when a probe is made of these values; empty when it could be made. The probe is closed. */
    public static List<String> problems(ProbeType type, Map<String, ?> values) {
        return problems(
                SectionType.of(type.name(), type.keys(), section -> {
                    Probe probe = type.create(section);
                    probe.close();
                    return probe;
                }),
                values);
    }

    /** These values as a piece of a configuration file; a {@link Secret} counts as a replaced reference. */
    public static Node node(String path, Object value) {
        return Nodes.of(Place.file("test.yml"), path, value);
    }

    private static List<String> lines(Problems problems) {
        return problems.list().stream().map(Sections::line).toList();
    }

    private static String line(Problem problem) {
        String path = problem.path().isEmpty() ? "" : problem.path() + ": ";
        return path + problem.message() + problem.suggestion().map(s -> " (" + s + ")").orElse("");
    }
}
