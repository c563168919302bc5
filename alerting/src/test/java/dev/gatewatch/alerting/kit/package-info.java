/** What the tests of rules and alerts share. */
@NullMarked
package dev.gatewatch.alerting.kit;

import org.jspecify.annotations.NullMarked;
