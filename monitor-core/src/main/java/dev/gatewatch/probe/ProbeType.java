package dev.gatewatch.probe;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import java.util.List;
import java.util.Optional;

/**
 * A kind of probe; a plug-in point. Found by {@link java.util.ServiceLoader} and chosen by the {@code type} key of a probe's
 * configuration. Implementations have a public constructor without parameters and no state.
 *
 * <p>{@code name}, {@code type}, {@code interval}, {@code timeout}, {@code labels} and {@code regions} are read by the daemon; a type
 * reads the rest.
 */
public interface ProbeType {
    /** The word after {@code type:}, such as {@code http}. */
    String name();

    /** One sentence for the reference page. */
    String description();

    /** The keys that this type reads, beside the daemon's own. */
    List<Key<?>> keys();

    /** The key among {@link #keys} that says where to probe; {@code regions} sets it once for each region. */
    Key<?> endpoint();

    /** The facts that its runs may report. */
    List<FactSpec> facts();

    /** The names of its phases in the order they happen; {@code *} where the configuration names them. */
    List<String> phases();

    /** The gauge with a {@code phase} label that carries the phases' seconds, as blackbox_exporter names it. */
    Optional<String> phaseMetric();

    /**
     * Makes the probe from its clean section. Problems that only several keys show are told to the section. Files that the
     * configuration names are read here, so that a bad one is told before anything starts; nothing else is opened.
     */
    Probe create(Section section);

    /**
     * The value of {@link #endpoint} for a target given on the command line as {@code http://…}, {@code dns:NAME@SERVER},
     * {@code tls:HOST:PORT} or {@code tcp:HOST:PORT}; other keys too where the text names them.
     *
     * @return keys and values as in YAML, or nothing where the text is not for this type
     */
    default Optional<java.util.Map<String, Object>> adHoc(String target) {
        return Optional.empty();
    }
}
