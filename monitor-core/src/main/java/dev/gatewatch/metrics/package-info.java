/** What Prometheus scrapes: blackbox_exporter's gauges from the latest snapshot, and the daemon's own counters. */
@NullMarked
package dev.gatewatch.metrics;

import org.jspecify.annotations.NullMarked;
