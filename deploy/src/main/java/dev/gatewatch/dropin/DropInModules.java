package dev.gatewatch.dropin;

import dev.gatewatch.config.Shared;
import dev.gatewatch.probes.blackbox.BlackboxModules;
import java.nio.file.Path;

/**
 * The modules that a configuration offers for {@code /probe}. Immutable.
 *
 * @param modules none where it names no file of them
 * @param baseDirectory where relative paths in them start
 * @param shared what probes obey, above all the target policy
 */
public record DropInModules(BlackboxModules modules, Path baseDirectory, Shared shared) {}
