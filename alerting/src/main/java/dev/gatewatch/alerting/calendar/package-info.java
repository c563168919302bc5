/** Schedules: stretches of time that come again, exact across changes of the clock. */
@NullMarked
package dev.gatewatch.alerting.calendar;

import org.jspecify.annotations.NullMarked;
