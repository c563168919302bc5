/** The command line: thin commands over the daemon and its parts. */
@NullMarked
package dev.gatewatch.cli;

import org.jspecify.annotations.NullMarked;
