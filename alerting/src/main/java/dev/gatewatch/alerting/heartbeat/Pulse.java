package dev.gatewatch.alerting.heartbeat;

/** What beats. */
interface Pulse {
    /** Begins to send one beat and returns at once; does nothing while the one before is on its way. */
    void beat();

    /** Whether the last beat that came to an end did not arrive. */
    boolean failed();
}
