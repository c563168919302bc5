package dev.gatewatch.config;

import java.util.Optional;

/**
 * Something in a configuration that its author should change.
 *
 * @param path where in the tree, as {@code probes[2].expect.latency}; empty for the whole file
 * @param message what is wrong, in a person's words, never naming a secret's value
 * @param suggestion what to write instead, such as {@code did you mean "interval"?}
 */
public record Problem(Severity severity, Place place, String path, String message, Optional<String> suggestion) {
    /** Whether the configuration can be used all the same. */
    public enum Severity {
        /** The configuration is refused. */
        ERROR,
        /** The configuration is used; its author should have a look. */
        WARNING
    }

    /** One line for people, as compilers print it: {@code gatewatch.yml:12:5: probes[2].intervall: unknown key; did you mean "interval"?}. */
    @Override
    public String toString() {
        return place
                + ": "
                + (severity == Severity.WARNING ? "warning: " : "")
                + (path.isEmpty() ? "" : path + ": ")
                + message
                + suggestion.map(s -> "; " + s).orElse("");
    }
}
