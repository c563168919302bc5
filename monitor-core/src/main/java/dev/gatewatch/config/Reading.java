package dev.gatewatch.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What readers of values share during one reading. Confined to the reading thread.
 *
 * @param problems where to tell what is wrong
 * @param baseDirectory relative paths in the configuration start here: the folder of the (first) file
 * @param sources where every file that was read is noted
 * @param shared settings of the whole that parts need
 */
public record Reading(Problems problems, Path baseDirectory, Sources sources, Shared shared) {
    /** A reading of the whole. */
    public Reading(Problems problems, Path baseDirectory, Sources sources) {
        this(problems, baseDirectory, sources, Shared.NONE);
    }

    /** A reading whose files nobody asks for later. */
    public Reading(Problems problems, Path baseDirectory) {
        this(problems, baseDirectory, new Sources());
    }

    /** The settings of this class, if the whole has such. */
    public <T> Optional<T> shared(Class<T> type) {
        return shared.find(type);
    }

    /** The same reading with more to share. */
    public <T> Reading sharing(Class<T> type, T value) {
        return new Reading(problems, baseDirectory, sources, shared.with(type, value));
    }

    /** The same reading, whose shared settings were made of this too. */
    public Reading from(Shared.Origin origin) {
        return new Reading(problems, baseDirectory, sources, shared.from(origin));
    }

    /** A reading of a part whose problems and files are kept apart. */
    public Reading part() {
        return new Reading(new Problems(), baseDirectory, sources.part(), shared);
    }
}
