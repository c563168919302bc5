/** What people and programs see: immutable pictures of the daemon's state, made after each batch. */
@NullMarked
package dev.gatewatch.view;

import org.jspecify.annotations.NullMarked;
