/** What judging costs. */
@NullMarked
package dev.gatewatch.alerting.bench;

import org.jspecify.annotations.NullMarked;
