/** Diagnosis across probes: what several series together say about the cause of one's trouble. Pure functions. */
@NullMarked
package dev.gatewatch.diagnosis;

import org.jspecify.annotations.NullMarked;
