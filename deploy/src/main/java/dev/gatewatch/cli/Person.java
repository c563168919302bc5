package dev.gatewatch.cli;

import org.jspecify.annotations.Nullable;

/** Who sits before this terminal. */
final class Person {
    private Person() {}

    /** The name that was given, else the user's on this machine. */
    static String of(@Nullable String given) {
        if (given != null && !given.isBlank()) {
            return given.strip();
        }
        return System.getProperty("user.name", "somebody");
    }
}
