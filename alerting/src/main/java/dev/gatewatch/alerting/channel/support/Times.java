package dev.gatewatch.alerting.channel.support;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as people of one zone read them. Immutable. */
record Times(ZoneId zone, Instant now) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** The time of day, with the day where it is not today's: {@code 03:12:05 UTC}, {@code 2026-03-01 11:12:05 UTC+8}. */
    String at(Instant instant) {
        ZonedDateTime time = instant.atZone(zone);
        boolean today = time.toLocalDate().equals(now.atZone(zone).toLocalDate());
        return time.format(today ? TIME : DAY_AND_TIME) + " " + offset(time.getOffset());
    }

    private static String offset(ZoneOffset offset) {
        int minutes = Math.abs(offset.getTotalSeconds()) / 60;
        if (minutes == 0) {
            return "UTC";
        }
        String rest = minutes % 60 == 0 ? "" : ":%02d".formatted(minutes % 60);
        return "UTC" + (offset.getTotalSeconds() < 0 ? "-" : "+") + minutes / 60 + rest;
    }
}
