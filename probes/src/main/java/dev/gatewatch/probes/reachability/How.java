package dev.gatewatch.probes.reachability;

/** How a path that must not connect may fail to. */
enum How {
    ANY,
    /** The host or a firewall answers with a no. */
    REFUSED,
    /** Nothing answers. */
    DROPPED;

    boolean allows(State state) {
        return switch (state) {
            case OPEN, UNRESOLVED, UNKNOWN -> false;
            case REFUSED, UNREACHABLE -> this != DROPPED;
            case DROPPED -> this != REFUSED;
            case BLOCKED -> this == ANY;
        };
    }
}
