package dev.gatewatch.sandbox;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** One of the three places where the sandbox's payment gateway runs. */
enum Region {
    EU,
    US,
    AP;

    /** All of them; for faults of the gateway as a whole. */
    static final Set<Region> EVERYWHERE = Set.copyOf(EnumSet.allOf(Region.class));

    /** The name used in configuration and answers. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
