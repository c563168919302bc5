package dev.gatewatch.probes.tenants;

import java.util.ArrayList;
import java.util.List;

/**
 * One request of a run. Immutable.
 *
 * @param round from 1
 * @param tenant in whose name
 * @param request which of the configured ones, from 0
 */
record Shot(Connections connections, int round, String tenant, int request) {
    /** How connections are used. */
    enum Connections {
        /** A new one for each request: the server's pools mix the tenants. */
        FRESH,
        /** Kept, and used by all tenants in turn, as a gateway's to the service behind it. */
        KEPT
    }

    /**
     * The order in which requests are taken up: neighbours are of different tenants, and who is first changes from round to round, so
     * that those under way together are always of several.
     */
    static List<Shot> interleaved(Connections connections, int rounds, List<String> tenants, int requests) {
        var shots = new ArrayList<Shot>();
        for (int round = 0; round < rounds; round++) {
            for (int request = 0; request < requests; request++) {
                for (int i = 0; i < tenants.size(); i++) {
                    shots.add(new Shot(connections, round + 1, tenants.get((i + round) % tenants.size()), request));
                }
            }
        }
        return shots;
    }

    /** {@code acme, round 3, request 2, kept connection}. */
    String shown() {
        return tenant + ", round " + round + ", request " + (request + 1) + ", "
                + (connections == Connections.KEPT ? "kept" : "fresh") + " connection";
    }
}
