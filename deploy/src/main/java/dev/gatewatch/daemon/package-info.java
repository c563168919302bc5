/** The composition root: everything is wired here, by constructor calls. */
@NullMarked
package dev.gatewatch.daemon;

import org.jspecify.annotations.NullMarked;
