package dev.gatewatch.alerting.route;

import java.time.Instant;

/**
 * What one channel knows of one alert. Immutable; stored with the alert. Times are whole milliseconds.
 *
 * @param group the key of the group it was told with; stays for as long as the alert lasts
 * @param level the tightest bound that was told of
 * @param firstAt when its firing was first told
 * @param lastAt when anything was last told of it
 * @param ended whether its end was told
 */
public record Told(String group, int level, Instant firstAt, Instant lastAt, boolean ended) {}
