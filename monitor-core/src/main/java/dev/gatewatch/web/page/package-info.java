/** The page for people: pure functions from a snapshot to what a template shows, and the templates' renderer. */
@NullMarked
package dev.gatewatch.web.page;

import org.jspecify.annotations.NullMarked;
