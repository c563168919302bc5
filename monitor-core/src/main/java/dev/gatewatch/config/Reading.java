package dev.gatewatch.config;

import java.nio.file.Path;

/**
 * What readers of values share during one reading. Confined to the reading thread.
 *
 * @param problems where to tell what is wrong
 * @param baseDirectory relative paths in the configuration start here: the folder of the (first) file
 */
public record Reading(Problems problems, Path baseDirectory) {}
