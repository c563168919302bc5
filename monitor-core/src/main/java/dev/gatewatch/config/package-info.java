/** Reading configuration: typed keys, places, and all problems at once. */
@NullMarked
package dev.gatewatch.config;

import org.jspecify.annotations.NullMarked;
