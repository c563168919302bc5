package dev.gatewatch.probes.permissions;

import dev.gatewatch.probes.identity.Identity;

/** One identity that tries one action. Immutable. */
record Cell(String identityName, Identity identity, String actionName, Action action) {
    /** {@code cashier/refund}. */
    String name() {
        return identityName + "/" + actionName;
    }

    /** Whether it may. */
    boolean expectedAllowed() {
        return action.allowed().contains(identityName);
    }
}
