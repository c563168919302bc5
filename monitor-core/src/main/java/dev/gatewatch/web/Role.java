package dev.gatewatch.web;

/** What a caller may do. */
public enum Role {
    /** Reads everything, changes nothing. */
    VIEWER,
    /** Also changes things, such as reloading the configuration. */
    OPERATOR;

    boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }
}
