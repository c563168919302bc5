package dev.gatewatch.sandbox;

import dev.gatewatch.probe.Cause;
import java.util.Optional;

/**
 * Something that can be broken in the sandbox by a switch. Immutable.
 *
 * @param id as in {@code /faults/{id}}
 * @param area the heading it stands under on the page
 * @param cause what Gatewatch should name in its alert; empty for what should wake nobody, and is seen by who compares
 * @param probe of the demo's configuration that notices it first
 */
record Fault(String id, String area, String description, Optional<Cause> cause, String probe, Effect effect) {
    /** One that is told with this cause. */
    Fault(String id, String area, String description, Cause cause, String probe, Effect effect) {
        this(id, area, description, Optional.of(cause), probe, effect);
    }
}
