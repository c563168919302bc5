package dev.gatewatch.web;

/**
 * Who sent a request. Immutable.
 *
 * @param name of the identity in the configuration; empty where none is configured
 */
record Caller(String name, Role role) {
    /** Where a request keeps it. */
    static final String ATTRIBUTE = "gatewatch.caller";

    /** Anybody, where no identity is configured. */
    static final Caller ANYBODY = new Caller("", Role.OPERATOR);
}
