package dev.gatewatch.config;

import java.nio.file.Path;

/**
 * What readers of values share during one reading. Confined to the reading thread.
 *
 * @param problems where to tell what is wrong
 * @param baseDirectory relative paths in the configuration start here: the folder of the (first) file
 * @param sources where every file that was read is noted
 */
public record Reading(Problems problems, Path baseDirectory, Sources sources) {
    /** A reading whose files nobody asks for later. */
    public Reading(Problems problems, Path baseDirectory) {
        this(problems, baseDirectory, new Sources());
    }
}
