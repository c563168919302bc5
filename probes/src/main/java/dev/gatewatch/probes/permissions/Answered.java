package dev.gatewatch.probes.permissions;

import dev.gatewatch.probes.net.Failure;

/** What became of an action that an identity tried. Immutable. */
sealed interface Answered {
    /** It was done. */
    record Allowed(String shown) implements Answered {}

    /** It was refused for lack of a right. */
    record Denied(String shown) implements Answered {}

    /** Neither: nobody can say whether it would be allowed. */
    record Unclear(Failure failure) implements Answered {}
}
