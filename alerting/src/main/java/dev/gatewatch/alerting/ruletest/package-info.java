/** Unit tests of rules: series of runs in, expected alerts out, on a virtual clock. */
@NullMarked
package dev.gatewatch.alerting.ruletest;

import org.jspecify.annotations.NullMarked;
