/** Rules: which series are watched, on what condition trouble is assumed, and how loud it is. Judging is pure. */
@NullMarked
package dev.gatewatch.alerting.rule;

import org.jspecify.annotations.NullMarked;
