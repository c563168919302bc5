package dev.gatewatch.baseline;

import java.time.Instant;
import java.time.ZoneId;

/** Where a moment lies in the local week of a zone: half-hour slots from Monday 00:00. On a day of 23 or 25 hours slots are left out or come twice. */
final class Week {
    static final int SLOTS = 336;
    static final int DAY = 48;
    static final long SLOT = 1_800_000;
    private static final long QUARTER = 900_000;

    private final ZoneId zone;
    /** Offsets change on quarters of an hour at most, so the last one is kept for that long. */
    private long quarter = Long.MIN_VALUE;

    private long offset;

    Week(ZoneId zone) {
        this.zone = zone;
    }

    /** Local milliseconds, as if the zone were UTC. */
    long local(long at) {
        long now = Math.floorDiv(at, QUARTER);
        if (now != quarter) {
            quarter = now;
            offset = zone.getRules().getOffset(Instant.ofEpochMilli(at)).getTotalSeconds() * 1000L;
        }
        return at + offset;
    }

    /** Half hours by which local time is ahead of UTC at a moment, to the nearest. */
    int ahead(long at) {
        return (int) Math.round((local(at) - at) / (double) SLOT);
    }

    int slot(long at) {
        // the epoch was a Thursday
        return Math.floorMod(Math.floorDiv(local(at), SLOT) + 3L * DAY, SLOTS);
    }

    /** How far into its slot a moment lies, in milliseconds. */
    long intoSlot(long at) {
        return Math.floorMod(local(at), SLOT);
    }

    /** The number of the period of so many hours in which a moment lies. */
    long period(long at, int hours) {
        return Math.floorDiv(local(at), hours * 3_600_000L);
    }
}
